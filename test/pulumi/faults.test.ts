import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parsePath } from '../../src/spec/path.ts';
import type { Outcome } from '../support/cli.ts';
import { cloudOf, engineNote, killTree, newProject, noEngine, type Project } from '../support/engine.ts';
import { type Story, stories } from '../support/faults.ts';
import { departures } from '../support/invariants.ts';
import { withValue } from '../support/specs.ts';

const contents = 'what the node has stored';
const state = '.perpetual/state';
const stackFile = `${state}/.pulumi/stacks/perpetual/dev.json`;

describe.skipIf(noEngine)(`a deployment that fails${engineNote}`, () => {
  let project: Project;
  let spec = readFileSync('specs/dev/perpetual-node.yaml', 'utf8').replace('monthlyUsd: 110', 'monthlyUsd: 900');
  let disk: string;
  beforeAll(async () => {
    project = await newProject();
    project.writeSpec('dev', spec);
    const { code, stdout } = await project.perpetual(['up', 'dev', '--yes']);
    expect(code, stdout).toBe(0);
    const cloud = cloudOf(project);
    disk = Object.keys(cloud.resources).find((id) => /\/disks\/[^/]+$/.test(id)) as string;
    cloud.contents[disk] = contents;
    project.write('cloud.json', JSON.stringify(cloud));
  });
  afterAll(() => project?.close());

  const write = (values: Record<string, unknown>): void => {
    for (const [path, value] of Object.entries(values)) spec = withValue(spec, parsePath(path), value);
    project.writeSpec('dev', spec);
  };

  it.each(stories().map((story) => [story.what, story] as const))(
    'because %s, loses nothing and has a way out',
    async (_, story) => {
      write(story.edit);
      const room = story.happens.roomKiB === undefined ? undefined : littleRoom(project, story.happens.roomKiB);
      try {
        const before = Object.keys(cloudOf(project).resources);
        const failed = await failing(project, story);
        const said = failed.stdout + failed.stderr;
        expect(failed.code, said).toBe(story.seen.code);
        for (const words of story.seen.says ?? []) expect(said).toContain(words);
        expect(Object.keys(cloudOf(project).resources)).toEqual(expect.arrayContaining(before));

        if (story.mend) write(story.mend);
        for (const command of story.way) {
          if (command === '$ make room') room?.make();
          else if (command.startsWith('$ ')) execFileSync('sh', ['-c', command.slice(2)], { cwd: project.root });
          else {
            const { code, stdout, stderr } = await project.perpetual(command.split(' '));
            expect(code, stdout + stderr).toBe(0);
            if (command.startsWith('up ')) for (const words of story.says ?? []) expect(stderr).toContain(words);
          }
        }
        expect(departures(project, 'dev', spec)).toEqual([]);
        expect(cloudOf(project).contents[disk]).toBe(contents);
      } finally {
        room?.close();
      }
    },
  );

  it('has nothing to do in the end', async () => {
    const { code, stdout } = await project.perpetual(['preview', 'dev', '--expect-no-changes', '--', '--refresh']);
    expect(code, stdout).toBe(0);
  });
});

/** The deployment that fails, by what happens to it. */
function failing(project: Project, { happens: { faults = [], strike, held, cut } }: Story): Promise<Outcome> {
  if (held) {
    const locks = join(project.root, state, '.pulumi/locks/organization/perpetual/dev');
    mkdirSync(locks, { recursive: true });
    writeFileSync(join(locks, 'held.json'), JSON.stringify({ pid: 1, username: 'ada', hostname: 'gone' }));
  }
  if (cut) truncateSync(join(project.root, stackFile), 2000);
  const at = strike && new RegExp(strike.at);
  let isStruck = false;
  return project.perpetual(['up', 'dev', '--yes'], {
    env: { PERPETUAL_STANDIN_FAULTS: JSON.stringify(faults) },
    watch: (line, child) => {
      if (isStruck || !at?.test(line)) return;
      isStruck = true;
      if (strike?.how === 'kill') killTree(child.pid as number);
      else child.kill('SIGINT');
    },
  });
}

/** Puts the state where only so much more has room. */
function littleRoom({ root }: Project, kib: number): { make(): void; close(): void } {
  const folder = join(root, state);
  const run = (...words: string[]): void => void execFileSync(words[0] as string, words.slice(1), { cwd: root });
  run('cp', '-a', folder, `${folder}.kept`);
  run('mount', '-t', 'tmpfs', 'tmpfs', folder);
  run('cp', '-a', `${folder}.kept/.`, folder);
  const [, used] = execFileSync('df', ['--output=used', '-k', folder], { encoding: 'utf8' }).split('\n');
  run('mount', '-o', `remount,size=${Number(used) + kib}k`, folder);
  return {
    make: () => run('mount', '-o', 'remount,size=64m', folder),
    close() {
      run('rm', '-rf', `${folder}.kept`);
      run('cp', '-a', folder, `${folder}.kept`);
      run('umount', folder);
      run('cp', '-a', `${folder}.kept/.`, folder);
      run('rm', '-rf', `${folder}.kept`);
    },
  };
}
