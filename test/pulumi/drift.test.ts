import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { roleGuid } from '../../src/catalog/roles.ts';
import { type Azure, startAzure, subscription } from '../support/azure.ts';
import { worldOf } from '../support/azure-of-cloud.ts';
import { addByHand, byHand, cloudOf, engineNote, newProject, noEngine, type Project } from '../support/engine.ts';

describe.skipIf(noEngine)(`what somebody changes by hand${engineNote}`, () => {
  let project: Project;
  let azure: Azure;
  const run = (args: string[], env: Record<string, string> = {}) => {
    const { PATH, ...asked } = azure.env;
    const tools = ['test/stand-in/bin', 'node_modules/.bin'].map((folder) => resolve(folder));
    return project.perpetual(args, { env: { ...asked, PATH: [...tools, PATH].join(':'), ...env } });
  };
  const state = (): string =>
    readFileSync(join(project.root, '.perpetual/state/.pulumi/stacks/perpetual/dev.json'), 'utf8');
  beforeAll(async () => {
    [project, azure] = await Promise.all([newProject(), startAzure()]);
    azure.become(worldOf(() => cloudOf(project)));
    const { code, stdout, stderr } = await run(['up', 'dev', '--yes']);
    expect(code, stdout + stderr).toBe(0);
  });
  afterAll(async () => {
    project?.close();
    await azure?.close();
  });

  it('is nothing at first, whatever Azure adds', async () => {
    byHand(project, 'azure-native:compute:Disk', (disk) => ({
      ...disk,
      tags: { ...(disk.tags as object), by: 'policy' },
    }));
    expect(await run(['drift', 'dev'])).toMatchObject({
      code: 0,
      stdout: 'dev: 28 resources, all as promised\n',
    });
  });

  it('is what somebody adds beside what is deployed, which no refresh sees', async () => {
    const cluster = Object.values(cloudOf(project).resources as Record<string, { id: string; type: string }>).find(
      ({ type }) => type === 'azure-native:containerservice:ManagedCluster',
    )?.id;
    const id = `${cluster}/providers/Microsoft.Authorization/roleAssignments/aaaaaaaa-0000-0000-0000-000000000001`;
    const inputs = {
      ...{ principalId: 'aaaaaaaa-0000-0000-0000-000000000002', principalType: 'User', scope: cluster },
      roleDefinitionId: `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/${roleGuid('Owner')}`,
    };
    addByHand(project, { id, type: 'azure-native:authorization:RoleAssignment', inputs, outputs: inputs });
    const { code, stdout } = await run(['drift', 'dev', '--json']);
    expect(code, stdout).toBe(7);
    const [{ findings, drift, notes }] = JSON.parse(stdout).environments;
    expect(findings).toMatchObject([
      {
        ...{ code: 'drift/rights', severity: 'error', path: 'cluster', file: 'specs/dev/perpetual-node.yaml' },
        message:
          'the user aaaaaaaa-0000-0000-0000-000000000002 was given the role "Owner" on "cluster", which nobody promised',
        help: expect.stringContaining(`"az role assignment delete --ids ${id}" takes it away`),
      },
    ]);
    expect(drift).toMatchObject({ resources: 28, drifted: [{ kind: 'added', id }] });
    expect(notes).toEqual([]);
    const page = await run(['drift', 'dev', '--format', 'markdown']);
    expect(page.code).toBe(7);
    expect(page.stdout).toMatch(
      /^\*\*dev: 28 resources, all as promised; beside them 1 that nobody promised\*\*\n\n- \*\*error\*\* drift\/rights at specs/,
    );
    byHand(project, 'azure-native:authorization:RoleAssignment', (each) =>
      each.principalId === inputs.principalId ? undefined : each,
    );
  });

  it('is said at the line that promised otherwise, the gravest first, and changes nothing', async () => {
    byHand(project, 'azure-native:network:NetworkSecurityGroup', ({ securityRules, ...group }) => {
      const [first, ...others] = securityRules as object[];
      const opened = { ...first, name: 'by-hand', priority: 300, destinationPortRange: '5001' };
      return { ...group, securityRules: [first, ...others, opened] };
    });
    byHand(project, 'azure-native:compute:Disk', (disk) => ({ ...disk, sku: { name: 'StandardSSD_LRS' } }));
    byHand(project, 'azure-native:managedidentity:UserAssignedIdentity', () => undefined);
    const before = state();
    const { code, stdout } = await run(['drift', 'dev']);
    expect(code, stdout).toBe(7);
    expect(stdout).toMatch(/^dev: 3 of 28 resources are not as promised\n/);
    const codes = [
      ...stdout.matchAll(/^(?:error|warning)\[(\S+)\]: (.*)\n +--> specs\/dev\/perpetual-node.yaml:\d+:\d+$/gm),
    ];
    expect(codes.map(([, code, message]) => [code, message])).toEqual([
      [
        'drift/exposed',
        '"network-security-group" is not as promised: securityRules "by-hand" was added; now the internet can reach nodes 5001/TCP',
      ],
      ['drift/gone', '"cluster-identity" is gone'],
      ['drift/cost', '"data-disk" is not as promised: sku.name is "StandardSSD_LRS" instead of "Premium_LRS"'],
    ]);
    expect(stdout).toContain('= fix:  "perpetual up dev -- --refresh" puts it back');
    expect(state()).toBe(before);
  });

  it('is the same for programs and for the summary of a job, and stays one when the state has it', async () => {
    expect((await run(['refresh', 'dev', '--yes'])).code).toBe(0);
    const { code, stdout } = await run(['drift', 'dev', '--json']);
    expect(code, stdout).toBe(7);
    const [{ findings, drift }] = JSON.parse(stdout).environments;
    expect(findings.map(({ code }: { code: string }) => code)).toEqual(['drift/exposed', 'drift/gone', 'drift/cost']);
    expect(drift.drifted[2]).toEqual({
      ...{ name: 'data-disk', type: 'azure-native:compute:Disk', kind: 'changed' },
      differences: [
        { kind: 'changed', input: 'sku.name', what: 'sku.name', promised: 'Premium_LRS', now: 'StandardSSD_LRS' },
      ],
    });
    const page = await run(['drift', 'dev', '--format', 'markdown']);
    expect(page.code).toBe(7);
    expect(page.stdout).toMatch(
      /^\*\*dev: 3 of 28 resources are not as promised\*\*\n\n- \*\*error\*\* drift\/exposed at specs/,
    );
  });

  it('is not taken for gone where it can not be read', async () => {
    const faults = JSON.stringify([{ on: 'read', type: 'azure-native:compute:Disk', times: 9, message: 'not now' }]);
    const { code, stdout } = await run(['drift', 'dev'], { PERPETUAL_STANDIN_FAULTS: faults });
    expect(code, stdout).toBe(4);
    expect(stdout).toContain('not now');
    expect(stdout).not.toContain('"data-disk" is gone');
  });

  it('is put back by a deployment', async () => {
    const { code, stdout } = await run(['up', 'dev', '--yes', '--', '--refresh']);
    expect(code, stdout).toBe(0);
    project.writeSpec('dev', readFileSync('specs/dev/perpetual-node.yaml', 'utf8').replace('cpu: 500m', 'cpu: 600m'));
    const after = await run(['drift', 'dev'], { ARM_CLIENT_SECRET: 'marker-of-a-secret' });
    expect(after.code, after.stdout).toBe(0);
    expect(after.stdout).toContain(
      'what was added beside the spec was not looked at (roles, resources, federated credentials, locks): a service principal with a secret needs ARM_CLIENT_ID',
    );
    expect(after.stdout).toContain('specs/dev/perpetual-node.yaml is another one than was deployed');
  });

  it('is nothing in what was never deployed', async () => {
    const { code, stdout } = await run(['drift', 'prod']);
    expect({ code, stdout }).toMatchObject({ code: 6, stdout: expect.stringContaining('"prod" is not deployed') });
  });
});
