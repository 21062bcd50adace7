import type { Command, Option } from '../commands/options.ts';

/** A word that may stand where the cursor is, and what it means. */
export type Candidate = { word: string; about?: string };
export type Candidates = { words: Candidate[] /** May a file stand there? */; files: boolean };

/** What the tables of the command line leave open. */
export type Known = {
  commands: Readonly<Record<string, () => Promise<Command>>>;
  aliases: Readonly<Record<string, string>>;
  /** What may stand for the names that placeholders have: `ENV`, `CODE`, `FIELD`, `REGION`, `SHELL`. */
  values: Readonly<Record<string, () => Promise<readonly string[]>>>;
};

const none: Candidates = { words: [], files: false };
/** Placeholders that a path stands for. */
const paths = ['FILE', 'DIR', 'SPEC'];

/** What may stand in the place of the last of these words, which follow the program's name; it may be empty. */
export async function candidatesFor(words: readonly string[], known: Known): Promise<Candidates> {
  const { line, current, prefix } = joined(words);
  const { words: all, files } = await expected(line, current, known);
  return {
    words: all
      .filter(({ word }) => word.startsWith(current))
      .map((candidate) => ({ ...candidate, word: candidate.word.slice(prefix.length) })),
    files,
  };
}

/** bash cuts words at "=" and wants only what follows it. */
function joined(words: readonly string[]): { line: string[]; current: string; prefix: string } {
  const line: string[] = [];
  let prefix = '';
  for (const [index, word] of words.entries()) {
    const isValue = line.length > 0 && (word === '=' || words[index - 1] === '=');
    prefix = isValue ? (line.at(-1) as string) + (word === '=' ? '=' : '') : '';
    if (isValue) line.push(`${line.pop()}${word}`);
    else line.push(word);
  }
  return { current: line.pop() ?? '', line, prefix };
}

async function expected(line: readonly string[], current: string, known: Known): Promise<Candidates> {
  const { commands, aliases } = known;
  const [first, ...rest] = line;
  if (first === undefined) return firstWords(current, known);
  const isGroup = Object.keys(commands).some((name) => name.startsWith(`${first} `));
  if (isGroup && rest.length === 0)
    return { words: await described(secondWords(first, commands), known), files: false };
  const name = isGroup ? `${first} ${rest.shift()}` : (aliases[first] ?? first);
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  // What stands behind "--" belongs to another program.
  if (!load || rest.includes('--')) return none;
  return afterCommand(await load(), rest, current, known);
}

async function firstWords(current: string, known: Known): Promise<Candidates> {
  if (current.startsWith('-')) return { words: [{ word: '--help' }, { word: '--version' }], files: false };
  const groups = new Map<string, string>();
  for (const name of Object.keys(known.commands)) groups.set(name.split(' ')[0] as string, name);
  for (const [alias, name] of Object.entries(known.aliases)) groups.set(alias, name);
  return { words: await described(groups, known), files: false };
}

const secondWords = (first: string, commands: Known['commands']): Map<string, string> =>
  new Map(
    Object.keys(commands).flatMap((name) => {
      const [group, second] = name.split(' ');
      return group === first && second !== undefined ? [[second, name] as const] : [];
    }),
  );

/** Words with what their commands do; of a word that several commands begin with nothing is said. */
function described(words: ReadonlyMap<string, string>, { commands }: Known): Promise<Candidate[]> {
  return Promise.all(
    [...words].map(async ([word, name]) => {
      const command = await (commands[name] as () => Promise<Command>)();
      return name.startsWith(`${word} `) ? { word } : { word, about: command.describe };
    }),
  );
}

async function afterCommand(
  { options, positional = '' }: Command,
  rest: readonly string[],
  current: string,
  known: Known,
): Promise<Candidates> {
  const optionOf = (word: string): Option | undefined =>
    options[word.replace(/^--/, '')] ??
    Object.values(options).find(({ alias }) => alias !== undefined && word === `-${alias}`);
  const before = rest.at(-1) ?? '';
  const waiting = before.startsWith('-') && !before.includes('=') ? optionOf(before) : undefined;
  if (waiting?.type === 'string') return valuesOf(waiting, current, known);
  const [, named] = /^(--[^=]+)=/.exec(current) ?? [];
  if (named !== undefined) {
    const option = optionOf(named);
    const { words, files } = option ? await valuesOf(option, current.slice(named.length + 1), known) : none;
    return { words: words.map(({ word }) => ({ word: `${named}=${word}` })), files };
  }
  if (current.startsWith('-')) {
    const given = new Set(rest.map((word) => optionOf(word.split('=')[0] as string)));
    const open = Object.entries(options).filter(([, option]) => option.repeatable || !given.has(option));
    const words = open.map(([name, { describe }]) => ({ word: `--${name}`, about: describe }));
    return { words: [...words, { word: '--help' }], files: false };
  }
  return placeholdersOf(positional.replace(/\[?-- .*/, ''), known);
}

/** A format may be followed by the file it goes to. */
async function valuesOf(option: Option, current: string, known: Known): Promise<Candidates> {
  const words = option.choices ?? option.suggests;
  if (words)
    return current.includes('=')
      ? { words: [], files: true }
      : { words: words.map((word) => ({ word })), files: false };
  return placeholdersOf(option.placeholder ?? '', known);
}

/** What may stand for `[CODE|FIELD]` or `[SPEC...]`. */
async function placeholdersOf(text: string, { values }: Known): Promise<Candidates> {
  const names = [...new Set(text.match(/[A-Z]+/g))];
  const lists = await Promise.all(names.map((name) => values[name]?.() ?? []));
  return { words: lists.flat().map((word) => ({ word })), files: names.some((name) => paths.includes(name)) };
}
