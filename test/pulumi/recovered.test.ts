import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloudOf, engineNote, marks, newProject, noEngine, type Project } from '../support/engine.ts';

const prod = readFileSync('specs/prod/perpetual-node.yaml', 'utf8');
/** As it is the second time: one secret has another value. */
const changed = { ...marks, A_NEW_ONE: 'marker-of-a-secret-3', IPFS_PRIVATE_KEY: 'marker-of-a-secret-4' };

describe.skipIf(noEngine)(`an environment that is deployed again after it was destroyed${engineNote}`, () => {
  let project: Project;
  beforeAll(async () => {
    project = await newProject();
    const first = await project.perpetual(['up', 'prod', '--yes'], { env: marks });
    expect(first.code, first.stderr).toBe(0);
    const names = ['public-ip', 'vault', 'data-disk', 'data-claim'].flatMap((name) => ['--unprotect', name]);
    const gone = await project.perpetual(['destroy', 'prod', '--yes', ...names], { env: marks });
    expect(gone.code, gone.stderr).toBe(0);
  });
  afterAll(() => project?.close());

  const held = (type: string): Record<string, { inputs: { properties: Record<string, unknown> } }> =>
    Object.fromEntries(
      Object.entries(cloudOf(project).resources).filter(([, resource]) => (resource as { type: string }).type === type),
    ) as never;

  it('has its vault and its secrets again, as the spec has them now', async () => {
    expect(Object.keys(cloudOf(project).deletedVaults)).toHaveLength(1);

    project.writeSpec(
      'prod',
      prod
        .replace('vault: { sku: standard', 'vault: { network: { allow: [203.0.113.7/32] }, sku: standard')
        .replace(/( {4}- \{ name: github-token.*\n)/, '$1    - { name: another, from: env:A_NEW_ONE }\n'),
    );
    const { code, stdout, stderr } = await project.perpetual(['up', 'prod', '--yes'], { env: changed });
    expect(code, stdout + stderr).toBe(0);
    expect(stdout + stderr).not.toContain('marker-of-a-secret');
    expect(stderr).toContain('prod: Azure keeps "vault" as deleted; it is brought back with its secrets\n');
    expect(stdout).toMatch(/\nprod: 2 updated, 37 created\n$/);
    expect(cloudOf(project).deletedVaults).toEqual({});

    const [vault] = Object.values(held('azure-native:keyvault:Vault'));
    expect(vault?.inputs.properties).toMatchObject({ networkAcls: { ipRules: [{ value: '203.0.113.7/32' }] } });
    const secrets = Object.entries(held('azure-native:keyvault:Secret'));
    expect(
      Object.fromEntries(secrets.map(([id, { inputs }]) => [id.split('/').at(-1), inputs.properties.value])),
    ).toEqual({
      another: 'marker-of-a-secret-3',
      'github-token': marks.NODE_GITHUB_TOKEN,
      'ipfs-private-key': 'marker-of-a-secret-4',
    });
  });

  it('has nothing to do the second time', async () => {
    const again = await project.perpetual(['preview', 'prod', '--expect-no-changes'], { env: changed });
    expect(again.code, again.stdout).toBe(0);
  });
});
