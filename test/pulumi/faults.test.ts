import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parsePath } from '../../src/spec/path.ts';
import { fill } from '../stand-in/faults.ts';
import type { Outcome } from '../support/cli.ts';
import { cloudOf, engineNote, killTree, newProject, noEngine, type Project } from '../support/engine.ts';
import { recordOf, type Story, stories } from '../support/faults.ts';
import { departures } from '../support/invariants.ts';
import { clusterToken, type Kubernetes, startKubernetes } from '../support/kubernetes.ts';
import { withValue } from '../support/specs.ts';

const contents = 'what the node has stored';
/** Where nobody may mount, no disk can be filled that is not everybody's. */
const canMount = mayMount();
const state = '.perpetual/state';
const filler = `${state}/filler`;
const stackFile = `${state}/.pulumi/stacks/perpetual/dev.json`;

describe.skipIf(noEngine)(
  `a deployment that fails${engineNote}${canMount ? '' : ' (a full disk is skipped: nobody may mount one here)'}`,
  () => {
    let cluster: Kubernetes;
    let project: Project;
    let spec = readFileSync('specs/dev/perpetual-node.yaml', 'utf8').replace('monthlyUsd: 110', 'monthlyUsd: 900');
    let disk: string;
    beforeAll(async () => {
      cluster = await startKubernetes();
      project = await newProject();
      project.writeSpec('dev', spec);
      const { code, stdout } = await run(['up', 'dev', '--yes']);
      expect(code, stdout).toBe(0);
      const cloud = cloudOf(project);
      disk = Object.keys(cloud.resources).find((id) => /\/disks\/[^/]+$/.test(id)) as string;
      cloud.contents[disk] = contents;
      project.write('cloud.json', JSON.stringify(cloud));
    });
    afterAll(async () => {
      project?.close();
      await cluster?.close();
    });

    const run: Project['perpetual'] = (args, options) =>
      project.perpetual(args, { ...options, env: { ...cluster.env, ...options?.env } });

    const write = (values: Record<string, unknown>): void => {
      for (const [path, value] of Object.entries(values)) spec = withValue(spec, parsePath(path), value);
      project.writeSpec('dev', spec);
    };

    const told = stories().filter(({ happens }) => canMount || !happens.full);
    it.each(told.map((story) => [story.what, story] as const))(
      'because %s, loses nothing and has a way out',
      async (_, story) => {
        write(story.edit);
        cluster.become(story.happens.cluster ?? {});
        const room = story.happens.full && roomOfItsOwn(project);
        try {
          const before = Object.keys(cloudOf(project).resources);
          if (story.happens.full === 'before') fill(join(project.root, filler));
          const failed = await failing(project, run, story);
          const record = [stepOf('up dev --yes', failed)];
          const said = failed.stdout + failed.stderr;
          expect(failed.code, said).toBe(story.seen.code);
          for (const words of story.seen.says ?? []) expect(said).toContain(words);
          expect(said).not.toContain(clusterToken);
          expect(Object.keys(cloudOf(project).resources)).toEqual(expect.arrayContaining(before));

          if (story.mend) write(story.mend);
          for (const command of story.way) {
            if (command === '$ make room') room?.make();
            else {
              const outcome = await run(command.split(' '));
              record.push(stepOf(command, outcome));
              expect(outcome.code, outcome.stdout + outcome.stderr).toBe(0);
              if (command.startsWith('up '))
                for (const words of story.says ?? []) expect(outcome.stderr).toContain(words);
            }
          }
          expect(departures(project, 'dev', spec)).toEqual([]);
          expect(cloudOf(project).contents[disk]).toBe(contents);
          keepRecord(story.id, record.join('\n').replaceAll(project.root, '.'));
        } finally {
          room?.close();
        }
      },
      240_000,
    );

    it('has nothing to do in the end', async () => {
      const { code, stdout } = await run(['preview', 'dev', '--expect-no-changes', '--', '--refresh']);
      expect(code, stdout).toBe(0);
    });
  },
);

const stepOf = (command: string, { code, stdout, stderr }: Outcome): string =>
  `$ perpetual ${command}\n${stdout}${stderr}exit code: ${code}\n`;

/** What was said on the way, for whoever has no engine: which of several resources comes first differs every time. */
function keepRecord(id: string, record: string): void {
  const file = recordOf(id);
  if (process.env.UPDATE === '1') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, record);
  }
  expect(existsSync(file), `there is no ${file}; UPDATE=1 npm test writes it`).toBe(true);
}

/** The deployment that fails, by what happens to it. */
function failing(
  project: Project,
  run: Project['perpetual'],
  { happens: { faults = [], strike, held, cut } }: Story,
): Promise<Outcome> {
  if (held) {
    const locks = join(project.root, state, '.pulumi/locks/organization/perpetual/dev');
    mkdirSync(locks, { recursive: true });
    writeFileSync(join(locks, 'held.json'), JSON.stringify({ pid: 1, username: 'ada', hostname: 'gone' }));
  }
  if (cut) truncateSync(join(project.root, stackFile), 2000);
  const at = strike && new RegExp(strike.at);
  let isStruck = false;
  return run(['up', 'dev', '--yes'], {
    env: {
      PERPETUAL_STANDIN_FAULTS: JSON.stringify(faults.map((fault) => ({ ...fault, file: join(project.root, filler) }))),
    },
    watch: (line, child) => {
      if (isStruck || !at?.test(line)) return;
      isStruck = true;
      if (strike?.how === 'kill') killTree(child.pid as number);
      else child.kill('SIGINT');
    },
  });
}

/** Root may, unless it is that of a container. */
function mayMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'perpetual-mount-'));
  try {
    const tried = spawnSync('sh', ['-c', `mount -t tmpfs tmpfs ${folder} && umount ${folder}`]);
    return tried.status === 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Puts the state where it can be left without room; only whoever may mount can. */
function roomOfItsOwn({ root }: Project): { make(): void; close(): void } {
  const folder = join(root, state);
  const run = (...words: string[]): void => void execFileSync(words[0] as string, words.slice(1), { cwd: root });
  run('cp', '-a', folder, `${folder}.kept`);
  run('mount', '-t', 'tmpfs', '-o', 'size=32m', 'tmpfs', folder);
  run('cp', '-a', `${folder}.kept/.`, folder);
  return {
    make: () => run('rm', '-r', filler, `${filler}.held`),
    close() {
      run('rm', '-rf', `${folder}.kept`);
      run('cp', '-a', folder, `${folder}.kept`);
      run('umount', folder);
      run('cp', '-a', `${folder}.kept/.`, folder);
      run('rm', '-rf', `${folder}.kept`);
    },
  };
}
