import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloudOf, engineNote, marks, newProject, noEngine, type Project } from '../support/engine.ts';

const prod = readFileSync('specs/prod/perpetual-node.yaml', 'utf8').replace('channel: patch', 'channel: stable');

describe.skipIf(noEngine)(`the engine by itself, without our verbs${engineNote}`, () => {
  let project: Project;
  const pulumi = (...args: string[]) => project.pulumi([...args, '--stack', 'prod'], marks);
  beforeAll(async () => {
    project = await newProject('prod');
    project.writeSpec('prod', prod);
    const { code, output } = await pulumi('up', '--yes', '--skip-preview');
    expect(code, output).toBe(0);
  });
  afterAll(() => project?.close());

  it('finds no difference in what Azure moves by itself', async () => {
    const cloud = cloudOf(project);
    const moved = JSON.stringify(cloud).replaceAll(/"(kubernetesVersion|orchestratorVersion)":"1\.35"/g, '"$1":"1.36"');
    expect(moved).not.toBe(JSON.stringify(cloud));
    writeFileSync(join(project.root, 'cloud.json'), moved);
    const { code, output } = await pulumi('preview', '--refresh', '--expect-no-changes');
    expect(code, output).toBe(0);
  });

  it('does not destroy data, vault and address of production', async () => {
    const { code, output } = await pulumi('destroy', '--yes', '--skip-preview');
    expect(code, output).not.toBe(0);
    for (const name of ['data-claim', 'vault', 'public-ip']) expect(output).toContain(`::${name}" cannot be deleted`);
    const { resources, objects, deletedVaults } = cloudOf(project);
    const left = Object.values(resources as Record<string, { type: string }>).map(({ type }) => type);
    expect(left).toEqual(
      expect.arrayContaining([
        'azure-native:resources:ResourceGroup',
        'azure-native:compute:Disk',
        'azure-native:keyvault:Vault',
        'azure-native:network:PublicIPAddress',
      ]),
    );
    expect(JSON.stringify(objects)).toContain('"v1/PersistentVolumeClaim/');
    expect(deletedVaults).toEqual({});
  });
});
