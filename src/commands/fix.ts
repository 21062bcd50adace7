import type { Compiled } from '../compile.ts';
import type { Severity } from '../diagnostic.ts';
import { codes } from '../explain/explain.ts';
import { writeWhole } from '../files.ts';
import { type Choice, type Deed, type Fixed, fixText, safeOnes } from '../mends/fix.ts';
import { inputsOf } from './inputs.ts';
import { exitCode, specOptions } from './judge-specs.ts';
import { expectEnvironments, Judging, judgingOptions } from './judging.ts';
import { type Arguments, type Command, manyOf, type Streams } from './options.ts';
import { unifiedDiff } from './patch.ts';

export const fixCommand: Command = {
  name: 'fix',
  positional: '[CODE...] [SPEC...]',
  describe:
    'writes into specs what ends their findings, keeping comments and order: what is safe, and of the codes that are named all; "-" goes from standard input to standard output',
  options: {
    'dry-run': { type: 'boolean', describe: 'show what would be written, and write nothing' },
    unsafe: { type: 'boolean', describe: 'also what is not safe, as what costs more or closes a way in' },
    env: specOptions.env,
    ...judgingOptions,
    'fail-on': {
      type: 'string',
      describe: 'the least that may not be left when the exit code is 0',
      choices: ['error', 'warning', 'never'],
    },
  },
  run,
};

async function run(args: Arguments, streams: Streams): Promise<number> {
  const { values } = args;
  const judging = new Judging(args, streams);
  const known = new Set([...codes(), ...judging.policies.map(({ id }) => id)]);
  const named = args.positional.filter((each) => known.has(each));
  const files = { ...args, positional: args.positional.filter((each) => !known.has(each)) };
  const toStdout = files.positional.includes('-') && values['dry-run'] !== true;
  // Standard output has the text or the difference and nothing else.
  const talk = toStdout || values['dry-run'] === true ? streams.stderr : streams.stdout;
  const wanted = manyOf(values.env);
  const seen: string[] = [];
  const results: Compiled[] = [];
  for await (const { file, text } of inputsOf(files, streams)) {
    const fixed = fixText(file, text, judging.termsFor(file), choiceOf(named, values.unsafe === true));
    const { environment } = fixed.compiled;
    if (environment !== undefined) seen.push(environment);
    if (wanted.length > 0 && !wanted.includes(environment ?? '')) {
      if (toStdout) streams.stdout.write(text);
      continue;
    }
    results.push(fixed.compiled);
    for (const line of story(file, fixed)) talk.write(`${line}\n`);
    if (values['dry-run'] === true) streams.stdout.write(unifiedDiff(file, text, fixed.text));
    else if (toStdout) streams.stdout.write(fixed.text);
    else if (fixed.text !== text) writeWhole(file, fixed.text);
  }
  expectEnvironments(wanted, seen);
  const left = results.flatMap(({ diagnostics }) => diagnostics);
  return exitCode(left, (values['fail-on'] ?? 'error') as Severity | 'never');
}

/** Of named codes any fix, the safe one first; else those that are safe, or with `unsafe` all. */
const choiceOf =
  (named: readonly string[], unsafe: boolean): Choice =>
  (diagnostic) => {
    if (named.length > 0 && !named.includes(diagnostic.code)) return undefined;
    return safeOnes(diagnostic) ?? (named.length > 0 || unsafe ? diagnostic.fixes?.[0] : undefined);
  };

/** What was done, what was not and why, and what waits for its name. */
function* story(file: string, { done, left, compiled }: Fixed): Generator<string> {
  const at = ({ line, code, title }: Deed): string => `${file}:${line}: ${title} (${code})`;
  for (const deed of done) yield at(deed);
  for (const deed of left) yield `${at(deed)}: left out, because ${deed.because}`;
  const tried = new Set(left.map(({ code, path }) => `${code} ${path}`));
  for (const { code, path, fixes, labels, waived } of compiled.diagnostics) {
    const [fix] = fixes ?? [];
    if (!fix || waived || tried.has(`${code} ${path}`)) continue;
    const { line } = compiled.loaded.source.position(labels[0].range.start);
    yield `${at({ line, code, path, title: fix.title })}: not asked for; "perpetual fix ${code}" does it`;
  }
  if (done.length === 0 && left.length === 0) yield `${file}: nothing to fix`;
}
