import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takeBackups } from '../stand-in/azure/backup-run.ts';
import type { CloudState, KubernetesObject } from '../stand-in/cloud.ts';
import { cloudOf, engineNote, marks, newProject, noEngine, type Project } from '../support/engine.ts';
import { departures, leaksIn, textsOf } from '../support/invariants.ts';
import { withValue } from '../support/specs.ts';

const contents = 'the repository of the node';
const page = readFileSync('docs/troubleshooting.md', 'utf8');

/** The commands below a heading of the page that are tried here. */
function shownBelow(heading: string): string[] {
  const [, section = ''] = page.split(`\n### ${heading}\n`);
  const [until = ''] = section.split(/\n##+ /);
  const blocks = [...until.matchAll(/```sh\n# needs a deployment\n([\s\S]*?)```/g)].map(([, block = '']) => block);
  expect(blocks).not.toEqual([]);
  return blocks;
}

describe.skipIf(noEngine)(`what was lost${engineNote}`, () => {
  let project: Project;
  let spec = withValue(readFileSync('specs/prod/perpetual-node.yaml', 'utf8'), ['storage', 'backups'], {
    ...{ enabled: true, everyHours: 24, keepDays: 14 },
  });
  let disk: string;
  let snapshot: string;

  const change = <T>(work: (cloud: CloudState) => T): T => {
    const cloud: CloudState = cloudOf(project);
    const result = work(cloud);
    project.write('cloud.json', JSON.stringify(cloud));
    return result;
  };
  const disks = (): string[] => Object.keys(cloudOf(project).resources).filter((id) => /\/disks\/[^/]+$/.test(id));
  /** The disk behind the claim of the pod. */
  const mounted = (): string => {
    const objects: KubernetesObject[] = Object.values(cloudOf(project).objects).flatMap((held) =>
      Object.values(held as object),
    );
    const of = (kind: string, name?: string) =>
      objects.find(
        (each) => each.kind === kind && (name === undefined || each.metadata.name === name),
      ) as KubernetesObject;
    const [, claim] = /"claimName":"([^"]+)"/.exec(JSON.stringify(of('StatefulSet'))) ?? [];
    const { volumeName } = of('PersistentVolumeClaim', claim).spec as { volumeName: string };
    const { csi } = of('PersistentVolume', volumeName).spec as { csi: { volumeHandle: string } };
    return csi.volumeHandle.toLowerCase();
  };
  /** As an operator at a terminal does, in the folder of the project. */
  const shell = (commands: string): string => {
    const own = join(project.root, 'bin');
    mkdirSync(own, { recursive: true });
    rmSync(join(own, 'perpetual'), { force: true });
    symlinkSync(join(process.cwd(), 'bin', 'perpetual.js'), join(own, 'perpetual'));
    // The package is not installed in itself.
    writeFileSync(join(own, 'npx'), '#!/bin/sh\nexec "$@"\n', { mode: 0o755 });
    const { CI: _, PULUMI_BACKEND_URL: __, PULUMI_ACCESS_TOKEN: ___, ...env } = process.env;
    const path = [own, ...['test/stand-in/bin', 'node_modules/.bin'].map((folder) => join(process.cwd(), folder))];
    const { status, stdout, stderr } = spawnSync('bash', ['-ec', commands], {
      cwd: project.root,
      encoding: 'utf8',
      env: {
        ...{ ...env, ...marks, PATH: [...path, env.PATH].join(':'), PULUMI_HOME: join(project.root, 'home') },
        PERPETUAL_STANDIN_CLOUD: join(project.root, 'cloud.json'),
        PULUMI_SKIP_UPDATE_CHECK: 'true',
      },
    });
    expect(status, stdout + stderr).toBe(0);
    return stdout + stderr;
  };

  beforeAll(async () => {
    project = await newProject();
    project.writeSpec('prod', spec);
    const { code, stdout } = await project.perpetual(['up', 'prod', '--yes'], { env: marks });
    expect(code, stdout).toBe(0);
    [disk] = disks() as [string];
    expect(mounted()).toBe(disk);
    [snapshot] = change((cloud) => {
      cloud.contents[disk] = contents;
      return takeBackups(cloud);
    }) as [string];
  });
  afterAll(() => project?.close());

  it('of the data comes back on a new disk, and the old one stays where it is', async () => {
    change((cloud) => {
      cloud.contents[disk] = 'nothing that can be read';
    });
    spec = withValue(spec, ['storage', 'data', 'restoreFrom'], snapshot);
    project.writeSpec('prod', spec);
    for (const commands of shownBelow('The data')) shell(commands);
    const restored = disks().find((id) => id !== disk) as string;
    expect(disks()).toEqual(expect.arrayContaining([disk, restored]));
    expect(mounted()).toBe(restored);
    expect(cloudOf(project).contents).toMatchObject({
      [disk]: 'nothing that can be read',
      [restored]: contents,
      [snapshot.toLowerCase()]: contents,
    });
    expect(departures(project, 'prod', spec)).toEqual([]);
  });

  it('of the secrets is brought back, whether the spec was without it or somebody deleted it', async () => {
    const without = spec.replace(/ {4}- \{ name: github-token.*\n/, '');
    expect(without).not.toBe(spec);
    for (const text of [without, spec]) {
      project.writeSpec('prod', text);
      const { code, stdout, stderr } = await project.perpetual(['up', 'prod', '--yes'], { env: marks });
      expect(code, stdout + stderr).toBe(0);
      if (text === spec)
        expect(stderr).toMatch(/prod: "\S*github-token" is there already, in what belongs to this environment/);
    }
    expect(departures(project, 'prod', spec)).toEqual([]);

    const secret = Object.keys(cloudOf(project).resources).find((id) => id.endsWith('/secrets/github-token')) as string;
    const held = change((cloud) => {
      const was = cloud.resources[secret];
      delete cloud.resources[secret];
      cloud.deletedSecrets[secret] = true;
      return was;
    });
    shell('npx perpetual refresh prod --yes');
    const failed = await project.perpetual(['up', 'prod', '--yes'], { env: marks });
    expect(failed.code).toBe(4);
    expect(failed.stdout).toContain('failed: a secret of this name was deleted, and the vault still keeps it');
    expect(failed.stdout).toContain('az keyvault secret recover');
    change((cloud) => {
      cloud.resources[secret] = held as NonNullable<typeof held>;
      delete cloud.deletedSecrets[secret];
    });
    for (const commands of shownBelow('The secrets')) shell(commands);
    expect(departures(project, 'prod', spec)).toEqual([]);
  }, 300_000);

  it('of the state comes back from an export', async () => {
    const [keep = '', bringBack = ''] = shownBelow('The state');
    shell(keep);
    rmSync(join(project.root, '.perpetual/state'), { recursive: true });
    const said = shell(bringBack);
    expect(said).toMatch(/prod: no changes, \d+ unchanged\n/);
    expect(departures(project, 'prod', spec)).toEqual([]);
  });

  it('has shown no secret on its way', () => {
    expect(leaksIn(textsOf(project.root), Object.values(marks))).toEqual([]);
    expect(readFileSync(join(project.root, 'prod.state.json'), 'utf8')).toContain('ciphertext');
  });
});
