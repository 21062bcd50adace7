import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { byHand, engineNote, newProject, noEngine, type Project } from '../support/engine.ts';

describe.skipIf(noEngine)(`what somebody changes by hand${engineNote}`, () => {
  let project: Project;
  const run = (args: string[], env: Record<string, string> = {}) => project.perpetual(args, { env });
  const state = (): string =>
    readFileSync(join(project.root, '.perpetual/state/.pulumi/stacks/perpetual/dev.json'), 'utf8');
  beforeAll(async () => {
    project = await newProject();
    const { code, stdout, stderr } = await run(['up', 'dev', '--yes']);
    expect(code, stdout + stderr).toBe(0);
  });
  afterAll(() => project?.close());

  it('is nothing at first, whatever Azure adds', async () => {
    byHand(project, 'azure-native:compute:Disk', (disk) => ({
      ...disk,
      tags: { ...(disk.tags as object), by: 'policy' },
    }));
    expect(await run(['drift', 'dev'])).toMatchObject({
      code: 0,
      stdout: `dev: 28 resources, all as promised
  only what was deployed from the spec is looked at: a role given elsewhere, or another resource beside it, is not seen
`,
    });
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
    const after = await run(['drift', 'dev']);
    expect(after.code, after.stdout).toBe(0);
    expect(after.stdout).toContain('specs/dev/perpetual-node.yaml is another one than was deployed');
  });

  it('is nothing in what was never deployed', async () => {
    const { code, stdout } = await run(['drift', 'prod']);
    expect({ code, stdout }).toMatchObject({ code: 6, stdout: expect.stringContaining('"prod" is not deployed') });
  });
});
