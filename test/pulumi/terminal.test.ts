import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engineNote, newProject, noEngine, type Project } from '../support/engine.ts';

/** util-linux's, which gives a command a terminal of its own. A shell left in between would die of Ctrl-C itself. */
const script = (command: string, env: Record<string, string>) =>
  spawn('script', ['-qefc', `exec ${command}`, '/dev/null'], { env: { ...process.env, ...env }, stdio: 'pipe' });

describe.skipIf(noEngine)(`somebody at a terminal${engineNote}`, () => {
  let project: Project;
  beforeAll(async () => {
    project = await newProject();
  });
  afterAll(() => project?.close());

  /** Types each answer when its question stands there; what was seen and how it ended. */
  async function type(args: string, answers: [question: string, answer: string][]) {
    const { FORCE_COLOR: _, CI: __, ...own } = process.env;
    writeFileSync(
      join(project.root, 'run.sh'),
      `cd ${project.root} && exec ${join(process.cwd(), 'node_modules/.bin/node')} ${join(process.cwd(), 'bin/perpetual.js')} ${args}\n`,
    );
    const child = script(`sh ${join(project.root, 'run.sh')}`, {
      ...(own as Record<string, string>),
      ...{ CI: '', TERM: 'xterm', PULUMI_HOME: join(project.root, 'home'), PERPETUAL_STANDIN_LATENCY: '0.01' },
      PERPETUAL_STANDIN_CLOUD: join(project.root, 'cloud.json'),
      PATH: [join('test', 'stand-in', 'bin'), join('node_modules', '.bin')]
        .map((folder) => join(process.cwd(), folder))
        .concat(own.PATH ?? '')
        .join(':'),
    });
    let seen = '';
    const waiting = [...answers];
    child.stdout.on('data', (chunk) => {
      seen += chunk;
      const [next] = waiting;
      if (!next || !seen.includes(next[0])) return;
      waiting.shift();
      child.stdin.write(next[1]);
    });
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    return { code, seen };
  }

  it('is asked, and deploys nothing but with "yes"', async () => {
    const { code, seen } = await type('up dev', [['deploy dev? only "yes" does: ', 'y\r']]);
    expect(code, seen).toBe(8);
    expect(seen).toContain('nothing was deployed');
  });

  it('sees what goes on while it goes on, and ends it with Ctrl-C', async () => {
    const { code, seen } = await type('up dev', [
      ['deploy dev? only "yes" does: ', 'yes\r'],
      ['created subnet', '\x03'],
    ]);
    expect(code, seen).toBe(8);
    expect(seen).toMatch(/dev: deploying, \d+ done\r\n {2}creating \S+ \d+s, \d+ wait for it/);
    expect(seen).toContain('cancelling: what has begun is finished first');
    expect(seen).toMatch(/dev: cancelled, \d+ created/);
  });
});
