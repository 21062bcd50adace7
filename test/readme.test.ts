import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { policies } from '../policies/index.ts';
import { commands } from '../src/cli.ts';
import { compileText } from './support/specs.ts';

const readme = readFileSync('README.md', 'utf8');

// Set-up itself is what made this test run; the engine's own commands are run by the engine's tests.
const setUp = ['npm ci'];

/** The commands of the README's console blocks, with the output shown below each. */
const shown = [...readme.matchAll(/```console\n([\s\S]*?)```/g)].flatMap(([, block]) =>
  (block as string)
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [, command = '', output = ''] = /^((?:.*[|\\]\n)*.*\n)([\s\S]*)$/.exec(part) ?? [];
      return { command: command.trim(), output };
    }),
);

describe('the README', () => {
  it.each(shown.filter(({ command }) => !setUp.includes(command)))(
    'shows what $command prints',
    ({ command, output }) => {
      const folder = mkdtempSync(join(tmpdir(), 'perpetual-readme-'));
      mkdirSync(join(folder, 'bin'));
      symlinkSync(join(process.cwd(), 'bin', 'perpetual.js'), join(folder, 'bin', 'perpetual'));
      writeFileSync(join(folder, 'bin', 'npx'), '#!/bin/sh\nexec "$@"\n', { mode: 0o755 });
      const { FORCE_COLOR: _, ...env } = process.env;
      const { stdout, stderr } = spawnSync('bash', ['-c', command], {
        encoding: 'utf8',
        env: { ...env, PATH: `${join(folder, 'bin')}:${env.PATH}` },
      });
      expect(stderr).toBe('');
      expect(stdout).toBe(output);
    },
  );

  it('starts with two commands and their real output', () => {
    expect(shown.slice(0, 2).map(({ command }) => command)).toEqual([
      'npm ci',
      'npx perpetual compile specs/dev/perpetual-node.yaml',
    ]);
    expect(readme.split('\n').slice(0, 30).join('\n')).toContain('npx perpetual compile');
  });

  it('shows a spec that is right', () => {
    const [, spec = ''] = /```yaml\n([\s\S]*?)```/.exec(readme) ?? [];
    expect(compileText(spec).diagnostics).toEqual([]);
  });

  it('names every policy with its levels, and every command', () => {
    for (const { id, levels } of policies)
      expect(readme).toMatch(new RegExp(`\\| \`${id}\` \\|.*\\| ${levels.production} \\| ${levels.development} \\|`));
    for (const name of Object.keys(commands)) expect(readme).toContain(`\`perpetual ${name}`);
  });
});
