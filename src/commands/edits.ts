import { existsSync } from 'node:fs';
import type { Compiled } from '../compile.ts';
import { diffSpecs, type SpecDiff } from '../diff/diff.ts';
import { display, readText, specFiles, UsageError } from '../files.ts';
import type { DiffReport } from '../report/diff.ts';
import { specsAt, textAt } from './git.ts';
import { type Input, inputsOf } from './inputs.ts';
import { Judging, judgingOptions } from './judging.ts';
import type { Arguments, Option, Streams } from './options.ts';

/** Of the commands that show what an edit does. */
export const editOptions: Readonly<Record<string, Option>> = {
  against: { type: 'string', describe: 'the commit to compare with', placeholder: 'REF' },
  ...judgingOptions,
};

/** An edit of one spec with its head, which a removed file has not. */
export type Edit = { diff: SpecDiff; head: Compiled | undefined };

type Pair = { base: Input | undefined; head: Input | undefined };

/**
 * What the command line asks to compare: two files, or what is here with a commit. Both sides are judged by the same
 * day, catalog and owners' settings, those that are here: the difference is the spec's own.
 */
export async function editsOf(args: Arguments, streams: Streams): Promise<{ edits: Edit[]; report: DiffReport }> {
  const { against } = args.values;
  const judging = new Judging(args, streams);
  const pairs = against === undefined ? await twoFiles(args, streams) : await since(String(against), args, streams);
  const compared = pairs.map(({ base, head }) => {
    const place = head?.file ?? base?.file;
    const judged = (input: Input | undefined) => input && judging.compile(input.file, input.text, place);
    return { base: judged(base), head: judged(head) };
  });
  const edits = movedTogether(compared).map(({ base, head }) => ({ diff: diffSpecs(base, head), head }));
  const diffs = edits.map(({ diff }) => diff);
  return { edits, report: { diffs, ...(against !== undefined && { against: String(against) }), ...judging.about() } };
}

async function twoFiles(args: Arguments, streams: Streams): Promise<Pair[]> {
  const [base, head, ...more] = args.positional;
  if (base === undefined || head === undefined || more.length > 0)
    throw new UsageError('"diff" needs two files, or "--against REF" to compare with a commit');
  if (base === '-' && head === '-') throw new UsageError('"-" can be only one of both files');
  const read = async (argument: string): Promise<Input> => {
    for await (const input of inputsOf({ ...args, positional: [argument] }, streams)) {
      if (argument === '-' || display(argument) === input.file) return input;
    }
    throw new UsageError(`"${argument}" is a folder; name a spec, or compare with a commit: "--against REF"`);
  };
  return [{ base: await read(base), head: await read(head) }];
}

async function since(commit: string, args: Arguments, streams: Streams): Promise<Pair[]> {
  const { positional } = args;
  if (positional.includes('-')) {
    const pairs: Pair[] = [];
    for await (const head of inputsOf(args, streams)) {
      if (head.file === '<stdin>')
        throw new UsageError('"--against" needs "--stdin-filename" to know which file to compare with');
      pairs.push({ base: at(commit, head.file), head });
    }
    return pairs;
  }
  const named = positional.length > 0 ? positional : ['specs'];
  const here = named.flatMap((each) => (existsSync(each) ? specFiles(each) : []));
  const files = [...new Set([...here, ...named.flatMap((each) => specsAt(commit, each)).map(display)])].sort();
  if (files.length === 0)
    throw new UsageError(`there is no spec called "${named.join('", "')}", neither here nor at "${commit}"`);
  return files.map((file) => ({
    base: at(commit, file),
    head: existsSync(file) ? { file, text: readText(file) } : undefined,
  }));
}

function at(commit: string, file: string): Input | undefined {
  const text = textAt(commit, file);
  return text === undefined ? undefined : { file, text };
}

type Compared = { base: Compiled | undefined; head: Compiled | undefined };

/** A file that is gone and a new one of the same environment are one spec that has moved. */
function movedTogether(pairs: readonly Compared[]): Compared[] {
  const gone = new Map(
    pairs.flatMap(({ base, head }) =>
      base?.environment !== undefined && !head ? [[base.environment, base] as const] : [],
    ),
  );
  const moved = new Set<Compiled>();
  const joined = pairs.map(({ base, head }) => {
    const from = !base && head?.environment !== undefined ? gone.get(head.environment) : undefined;
    if (!from || moved.has(from)) return { base, head };
    moved.add(from);
    return { base: from, head };
  });
  return joined.filter(({ base, head }) => head !== undefined || base === undefined || !moved.has(base));
}
