import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { perpetual } from '../support/cli.ts';
import { folder, leastSpec, specIn } from '../support/specs.ts';

/** The command in a folder, and what it says until it waits again. */
function watch(root: string) {
  const { FORCE_COLOR: _, ...env } = process.env;
  // Both streams in one, so that nothing is heard out of its order.
  const command = `exec "${process.execPath}" "${resolve('bin/perpetual.js')}" check --watch -f compact 2>&1`;
  const child = spawn('bash', ['-c', command], { cwd: root, env });
  const closed = new Promise<number | null>((done) => child.on('close', done));
  let said: string[] = [];
  let ready = (): void => {};
  const heard = (line: string): void => {
    said.push(line);
    if (line.includes('waiting for a change')) ready();
  };
  createInterface({ input: child.stdout }).on('line', heard);
  return {
    async after(change: () => void): Promise<string> {
      said = [];
      const waiting = new Promise<void>((done) => {
        ready = done;
      });
      change();
      await waiting;
      return said.join('\n');
    },
    stop(): Promise<number | null> {
      child.kill('SIGINT');
      return closed;
    },
  };
}

describe('check --watch', () => {
  it('judges again whenever a spec or the settings change, and ends when asked to', async () => {
    const root = folder({ ...specIn('prod'), 'policies/config.yaml': 'policies: {}\n' });
    const spec = join(root, 'specs/prod/perpetual-node.yaml');
    const watched = watch(root);
    expect(await watched.after(() => {})).not.toContain('error');
    expect(await watched.after(() => writeFileSync(spec, leastSpec.replace('eastus', 'eastsu')))).toContain(
      'spec/unknown-region',
    );
    expect(await watched.after(() => writeFileSync(spec, leastSpec))).not.toContain('error');
    expect(await watched.after(() => writeFileSync(join(root, 'policies/config.yaml'), 'policies: []\n'))).toContain(
      'config.yaml',
    );
    expect(await watched.after(() => rmSync(spec))).toContain('there is no specs/**/perpetual-node.yaml here');
    await watched.after(() => writeFileSync(spec, leastSpec.replace('eastus', 'eastsu')));
    expect(await watched.stop()).toBe(1);
  });

  it("can't watch standard input", async () => {
    const { code, stderr } = await perpetual(['check', '-', '--watch'], { input: leastSpec });
    expect([code, stderr]).toEqual([2, "perpetual: standard input can't be watched: name files or folders\n"]);
  });
});
