import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { policies } from '../policies/index.ts';
import { commands } from '../src/cli.ts';
import { compileText } from './support/specs.ts';

const readme = readFileSync('README.md', 'utf8');
const pages = ['README.md', ...readdirSync('docs').map((name) => `docs/${name}`)];

// Set-up itself is what made this test run; the engine's own commands are run by the engine's tests.
const setUp = ['npm ci'];

/** The commands of the console blocks of a page, with the output shown below each. */
const shownIn = (page: string) =>
  [...unindented(readFileSync(page, 'utf8')).matchAll(/```console\n([\s\S]*?)```/g)].flatMap(([, block]) =>
    (block as string)
      .split(/^\$ /m)
      .slice(1)
      .map((part) => {
        const [, command = '', output = ''] = /^((?:.*[|\\]\n)*.*\n)([\s\S]*)$/.exec(part) ?? [];
        return { command: command.trim(), output };
      }),
  );

/** A block in a list stands as far in as the list. */
const unindented = (text: string): string =>
  text.replace(/^( +)```[\s\S]*?^\1```/gm, (block, indent: string) =>
    block.replaceAll(`\n${indent}`, '\n').slice(indent.length),
  );

/** What each command prints in turn in a shell that stands in this repository, with the npx that a reader has. */
function inOneShell(commands: readonly string[]): { stdout: string; stderr: string }[] {
  const folder = mkdtempSync(join(tmpdir(), 'perpetual-readme-'));
  const script = commands.map(
    (command, index) => `{ ${command}\n} </dev/null >${folder}/${index}.out 2>${folder}/${index}.err\n`,
  );
  const { FORCE_COLOR: _, ...env } = process.env;
  // npx asks a registry for what it doesn't find here: that would be a foreign package of our name.
  const npm = { npm_config_offline: 'true', npm_config_update_notifier: 'false', npm_config_loglevel: 'error' };
  spawnSync('bash', { encoding: 'utf8', env: { ...env, ...npm }, input: script.join('') });
  const read = (index: number, stream: string) => readFileSync(join(folder, `${index}.${stream}`), 'utf8');
  return commands.map((_, index) => ({ stdout: read(index, 'out'), stderr: read(index, 'err') }));
}

describe.each(pages)('%s', (page) => {
  const text = unindented(readFileSync(page, 'utf8'));

  const shown = shownIn(page).filter(({ command }) => !setUp.includes(command));
  const printed: { stdout: string; stderr: string }[] = [];
  // In one shell, as somebody types them one after another: what a command leaves behind is there for the next.
  beforeAll(() => printed.push(...inOneShell(shown.map(({ command }) => command))), 300_000);

  it.each(shown.map((each, index) => ({ ...each, index })))('shows what $command prints', ({ output, index }) => {
    expect(printed[index]).toEqual({ stdout: output, stderr: '' });
  });

  it('says of every other command what it needs', () => {
    if (page === 'README.md') return;
    for (const [, block = ''] of text.matchAll(/```sh\n([\s\S]*?)```/g))
      expect(block).toMatch(/^# needs (Azure|a deployment|the cluster|Visual Studio Code)\n/);
  });

  it('names commands, options and objects that exist', async () => {
    const said = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = '']) => block.split('\n'));
    const inline = [...text.matchAll(/`((?:npx )?perpetual [a-z][^`]*)`/g)].map(([, command = '']) => command);
    for (const line of [...said, ...inline]) await expectCommand(line);
  });

  it('leads to pages that are there', () => {
    for (const [, target = ''] of text.matchAll(/\]\(([^)#:\s]+)\)/g))
      expect(existsSync(join(dirname(page), target)), target).toBe(true);
  });
});

/** A command of ours must be one, with options that it has; one of kubectl must name what a plan has. */
async function expectCommand(line: string): Promise<void> {
  const words = line.trim().replace(/^npx /, '').split(/\s+/);
  if (words[0] === 'perpetual') {
    const name = [words.slice(1, 3).join(' '), words[1] ?? '', { check: 'compile' }[words[1] ?? ''] ?? ''].find(
      (each) => commands[each],
    );
    expect(name, line).toBeDefined();
    const { options } = await (commands[name as string] as (typeof commands)[string])();
    const own = words.slice(0, words.indexOf('--') < 0 ? undefined : words.indexOf('--'));
    for (const word of own.filter((each) => each.startsWith('--')))
      expect(Object.keys(options), line).toContain(word.slice(2).split('=')[0]);
  }
  if (words[0] === 'kubectl') {
    const at = words.indexOf('-n');
    if (at >= 0) expect(namesIn('Namespace'), line).toContain(words[at + 1]);
    for (const [, kind = '', object = ''] of line.matchAll(/\b(statefulset|service|pod)[ /](\S+)/g)) {
      if (!object.startsWith('-'))
        expect(namesIn(kind), line).toContain(kind === 'pod' ? object.replace(/-0$/, '') : object);
    }
    const container = words.indexOf('-c');
    if (container >= 0) expect(['node', 'watch'], line).toContain(words[container + 1]);
  }
}

const prod = compileText(readFileSync('specs/prod/perpetual-node.yaml', 'utf8')).plan?.resources ?? [];
const namesIn = (kind: string): unknown[] => {
  const type = { statefulset: 'StatefulSet', pod: 'StatefulSet', service: 'Service' }[kind] ?? kind;
  return prod
    .filter((each) => each.type.endsWith(`:${type}`))
    .map(({ inputs }) => (inputs.metadata as { name?: unknown }).name);
};

describe('the README', () => {
  it('starts with two commands and their real output', () => {
    expect(
      shownIn('README.md')
        .slice(0, 2)
        .map(({ command }) => command),
    ).toEqual(['npm ci', 'npx perpetual compile specs/dev/perpetual-node.yaml']);
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
