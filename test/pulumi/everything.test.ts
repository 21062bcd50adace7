import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engineNote, newProject, noEngine, type Project } from '../support/engine.ts';

const group = (name: string) => ({
  type: 'azure-native:resources:ResourceGroup',
  inputs: { resourceGroupName: name, location: 'westeurope' },
});
const subscription = '/subscriptions/11111111-2222-3333-4444-555555555555';

const secrets = {
  IPFS_PRIVATE_KEY: 'marker-private-key',
  NODE_GITHUB_TOKEN: 'marker-github-token',
  GHCR_USERNAME: 'octocat',
  GHCR_READ_TOKEN: 'marker-read-token',
  IPFS_SWARM_KEY: 'marker-swarm-key',
};

/** What the specs refer to and do not make. */
const seeds = {
  everything: [],
  'everything-else': [
    group('dns-rg'),
    {
      type: 'azure-native:dns:Zone',
      inputs: { resourceGroupName: 'dns-rg', zoneName: 'example.org', location: 'global', zoneType: 'Public' },
    },
    group('perpetual-old-rg-backups'),
    {
      id: `${subscription}/resourceGroups/perpetual-old-rg-backups/providers/Microsoft.Compute/snapshots/friday`,
      type: 'azure-native:compute:Snapshot',
      inputs: { location: 'westeurope', diskSizeGB: 32 },
    },
  ],
};

const edited = (text: string): string =>
  text
    .replace('keepDays: 14 }', 'keepDays: 21 }')
    .replace('keepDays: 7 }', 'keepDays: 10 }')
    .replace('dailyCapGb: 0.15', 'dailyCapGb: 0.3')
    .replace('notify: [ops@example.org, oncall@example.org]', 'notify: [ops@example.org]')
    .replace('metricsEndpoint: true', 'metricsEndpoint: false')
    .replace('sizeGiB: 64', 'sizeGiB: 128')
    .replace('host: ipfs.example.org', 'host: gateway.example.org')
    .replace('stop: "19:30"', 'stop: "21:00"')
    .replace('deliver: initContainer', 'deliver: csi')
    .replace('permissions: [get, set]', 'permissions: [get]');

describe.skipIf(noEngine).each(Object.entries(seeds))(`%s on the real engine${engineNote}`, (name, before) => {
  const text = readFileSync(`test/fixtures/specs/${name}.yaml`, 'utf8');
  const stack = /^ {2}environment: (\w+)$/m.exec(text)?.[1] as string;
  let project: Project;
  beforeAll(async () => {
    project = await newProject(stack);
    project.writeSpec(stack, text);
  });
  afterAll(() => project?.close());
  const run = (...args: string[]) =>
    project.pulumi([...args, '--stack', stack], { ...secrets, PERPETUAL_STANDIN_SEED: JSON.stringify(before) });

  it('is deployed as it is', async () => {
    // The provider of the engine reads no file of the specs: the certificate lies beside them.
    project.write('tls.pem', 'marker-certificate');
    const { code, output } = await run('up', '--yes', '--policy-pack', 'policies');
    expect(code, output).toBe(0);
  });

  it('has nothing to change the second time', async () => {
    const { code, output } = await run('preview', '--policy-pack', 'policies', '--expect-no-changes');
    expect(code, output).toBe(0);
  });

  it('takes an edit of what Azure changes in place, and of what it does not', async () => {
    project.writeSpec(stack, edited(text));
    const { code, output } = await run('up', '--yes', '--policy-pack', 'policies');
    expect(code, output).toBe(0);
    expect(output).not.toMatch(/(cluster|data-disk|vault|public-ip)\S* +(replaced|deleted)/);
    const again = await run('preview', '--policy-pack', 'policies', '--expect-no-changes');
    expect(again.code, again.output).toBe(0);
  });

  it('keeps its secrets to itself', async () => {
    const { output } = await run('stack', 'export');
    const outputs = await run('stack', 'output');
    for (const marker of Object.values(secrets).filter((value) => value.startsWith('marker')))
      expect(output + outputs.output).not.toContain(marker);
    expect(output).not.toContain('marker-certificate');
    expect(readFileSync(join(project.root, 'cloud.json'), 'utf8')).toContain('marker-private-key');
  });
});
