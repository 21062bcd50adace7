import parse from 'yargs-parser';
import { compileCommand } from './commands/compile.ts';
import type { Arguments, Command, Option, Streams } from './commands/options.ts';
import { UsageError } from './files.ts';
import { didYouMean, nearestName } from './spec/nearest-name.ts';
import { version } from './version.ts';

/** Commands by name, all but the check's own loaded when used: what a check does not need it does not pay for. */
export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  init: async () => (await import('./commands/init.ts')).initCommand,
  compile: async () => compileCommand,
  diff: async () => (await import('./commands/diff.ts')).diffCommand,
  comment: async () => (await import('./commands/comment.ts')).commentCommand,
  cost: async () => (await import('./commands/cost.ts')).costCommand,
  fix: async () => (await import('./commands/fix.ts')).fixCommand,
  fmt: async () => (await import('./commands/fmt.ts')).fmtCommand,
  explain: async () => (await import('./commands/explain.ts')).explainCommand,
  'catalog show': async () => (await import('./commands/catalog.ts')).catalogShowCommand,
  'catalog update': async () => (await import('./commands/catalog.ts')).catalogUpdateCommand,
  'catalog lock': async () => (await import('./commands/catalog.ts')).catalogLockCommand,
  'policy list': async () => (await import('./commands/policy-list.ts')).policyListCommand,
  'policy test': async () => (await import('./commands/policy-test.ts')).policyTestCommand,
  waivers: async () => (await import('./commands/waivers.ts')).waiversCommand,
  lsp: async () => (await import('./commands/lsp.ts')).lspCommand,
  graph: async () => (await import('./commands/graph.ts')).graphCommand,
  'setup azure': async () => (await import('./commands/setup-azure.ts')).setupAzureCommand,
  schema: async () => (await import('./commands/schema.ts')).schemaCommand,
  preview: async () => (await import('./commands/preview.ts')).previewCommand,
  up: async () => (await import('./commands/up.ts')).upCommand,
  destroy: async () => (await import('./commands/destroy.ts')).destroyCommand,
  refresh: async () => (await import('./commands/refresh.ts')).refreshCommand,
  rollback: async () => (await import('./commands/rollback.ts')).rollbackCommand,
  drift: async () => (await import('./commands/drift.ts')).driftCommand,
  outputs: async () => (await import('./commands/stack-outputs.ts')).outputsCommand,
  history: async () => (await import('./commands/history.ts')).historyCommand,
  cancel: async () => (await import('./commands/cancel.ts')).cancelCommand,
  promote: async () => (await import('./commands/promote.ts')).promoteCommand,
  preflight: async () => (await import('./commands/preflight.ts')).preflightCommand,
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand,
  completion: async () => (await import('./completion.ts')).completionCommand,
};
export const aliases: Readonly<Record<string, string>> = { check: 'compile' };

/** Runs a command line and returns its exit code; prints nothing but through the streams. */
export async function run(argv: readonly string[], streams: Streams): Promise<number> {
  try {
    return await dispatch(argv, streams);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    streams.stderr.write(`perpetual: ${error.message}\n`);
    return error.exitCode;
  }
}

async function dispatch(argv: readonly string[], streams: Streams): Promise<number> {
  const { name, rest } = split(argv);
  if (name === '--version' || name === '-v') {
    streams.stdout.write(`${version}\n`);
    return 0;
  }
  const ours = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  const wantsHelp = ours.includes('--help') || ours.includes('-h');
  if (name === '' || name === 'help' || (wantsHelp && name.startsWith('-'))) {
    (name === '' ? streams.stderr : streams.stdout).write(await (await import('./help.ts')).help());
    return name === '' ? 2 : 0;
  }
  const load = Object.hasOwn(commands, aliases[name] ?? name) ? commands[aliases[name] ?? name] : undefined;
  if (!load) {
    const below = Object.keys(commands).filter((each) => each.startsWith(`${name} `));
    if (below.length > 0 && wantsHelp) {
      streams.stdout.write(await (await import('./help.ts')).help());
      return 0;
    }
    if (below.length > 0) throw new UsageError(`"${name}" says nothing alone; expected one of ${below.join(', ')}`);
    const near = nearestName(name, [...Object.keys(commands), ...Object.keys(aliases)]);
    throw new UsageError(`there is no command "${name}"${didYouMean(near)} ("perpetual --help" lists them)`);
  }
  const command = await load();
  if (wantsHelp) {
    streams.stdout.write(await (await import('./help.ts')).help(command.name));
    return 0;
  }
  const end = command.passesThrough ? rest.indexOf('--') : -1;
  const args = parseArguments(command, end < 0 ? rest : rest.slice(0, end));
  if (end >= 0) args.passed = rest.slice(end + 1);
  if (name === 'check') args.values.check = true;
  return command.run(args, streams);
}

/** The command's name, of two words where the first has several below it, and what follows. */
function split([first = '', ...rest]: readonly string[]): { name: string; rest: readonly string[] } {
  const second = rest[0];
  const isGroup = Object.keys(commands).some((name) => name.startsWith(`${first} `));
  if (!isGroup || second === undefined || second.startsWith('-')) return { name: first, rest };
  return { name: `${first} ${second}`, rest: rest.slice(1) };
}

/** The command line by the command's own table; whatever is not in it is refused, because a typo must not be a default. */
function parseArguments({ name, options, positional }: Command, argv: readonly string[]): Arguments {
  const named = (kind: Option['type']): string[] =>
    Object.entries(options)
      .filter(([, option]) => option.type === kind)
      .map(([key]) => key);
  const known = new Set(Object.entries(options).flatMap(([key, { alias }]) => (alias ? [key, alias] : [key])));
  const parsed = parse([...argv], {
    string: [...named('string'), '_'],
    boolean: named('boolean'),
    alias: Object.fromEntries(Object.entries(options).flatMap(([key, { alias }]) => (alias ? [[key, alias]] : []))),
    configuration: {
      'camel-case-expansion': false,
      'dot-notation': false,
      'boolean-negation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    },
  });
  for (const key of Object.keys(parsed)) {
    if (key === '_' || known.has(key)) continue;
    const near = nearestName(key, Object.keys(options));
    throw new UsageError(`"${name}" has no option "${key.length === 1 ? '-' : '--'}${key}"${didYouMean(near, '--')}`);
  }
  const values: Arguments['values'] = {};
  for (const [key, option] of Object.entries(options)) {
    const value = parsed[key] as unknown;
    if (value === undefined) continue;
    const several = Array.isArray(value) ? value.map(String) : [String(value)];
    if (option.type === 'string' && several.some((each) => each === ''))
      throw new UsageError(`"--${key}" needs a value`);
    if (several.length > 1 && !option.repeatable) throw new UsageError(`"--${key}" is given more than once`);
    const wrong = option.choices && several.find((each) => !option.choices?.includes(each));
    if (wrong !== undefined)
      throw new UsageError(`"${wrong}" is not a value of "--${key}"; expected one of ${option.choices?.join(', ')}`);
    values[key] = option.type === 'boolean' ? value === true : option.repeatable ? several : several[0];
  }
  const positionals = parsed._.map(String);
  if (!positional && positionals.length > 0)
    throw new UsageError(`"${name}" takes no argument such as "${positionals[0]}"`);
  return { positional: positionals, values };
}
