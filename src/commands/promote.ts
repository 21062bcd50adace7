import type { Compiled } from '../compile.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { diffSpecs } from '../diff/diff.ts';
import { Interrupt } from '../engine/interrupt.ts';
import { deployedIn, notLiveYet } from '../engine/promotion.ts';
import { startSession } from '../engine/session.ts';
import { chosen } from '../engine/target.ts';
import { display, readText, UsageError, writeWhole } from '../files.ts';
import { type Promoted, promoted, travelling } from '../promote/promote.ts';
import { ownersOf, projectRoot, specFileOf } from '../pulumi/stack-spec.ts';
import { jsonDiff, prettyDiff } from '../report/diff.ts';
import { jsonFinding } from '../report/json.ts';
import { painter } from '../report/paint.ts';
import { prettyFindings } from '../report/pretty.ts';
import { exitCode } from './judge-specs.ts';
import { Judging, judgingOptions } from './judging.ts';
import { type Arguments, type Command, manyOf, type Streams } from './options.ts';
import { outputOptions, useColor } from './outputs.ts';
import { unifiedDiff } from './patch.ts';

const { 'as-of': asOf, frozen, policies } = judgingOptions;

export const promoteCommand: Command = {
  name: 'promote',
  positional: 'FROM_ENV TO_ENV',
  describe:
    'copies from the spec of one environment to that of another what is the same everywhere, the image and the version of Kubernetes, and shows what it does; never sizes, names, ranges or access',
  options: {
    only: {
      type: 'string',
      describe: 'of all that travels only this key',
      repeatable: true,
      suggests: travelling(),
      placeholder: 'FIELD',
    },
    'dry-run': { type: 'boolean', describe: 'show what would be written, and write nothing' },
    json: { type: 'boolean', describe: 'for programs, as one JSON document' },
    color: outputOptions([]).color,
    ...{ 'as-of': asOf, frozen, policies },
  },
  run,
};

async function run(args: Arguments, streams: Streams): Promise<number> {
  const { values } = args;
  const root = projectRoot(process.cwd());
  const [source, target] = pairOf(root, args.positional);
  const judging = new Judging(args, streams);
  const [from, to] = [source, target].map((environment) => {
    const file = display(specFileOf(root, environment));
    return judging.compile(file, readText(file));
  }) as [Compiled, Compiled];
  const broken = [from, to].find(({ complete, loaded }) => !complete || loaded.spec === undefined);
  if (broken) throw new UsageError(`${broken.loaded.source.file} has errors: "perpetual check" says which`, 1);
  const { file } = to.loaded.source;
  const result = promoted(from, to, keysOf(values.only), (text) => judging.compile(file, text));
  if (!result) throw new UsageError(`${file} says it at an anchor that other keys share: write them apart first`, 1);
  const unlived = result.changes.length > 0 ? await liveness(root, target, result, streams) : undefined;
  const refused = [...result.refused, ...(unlived ? [unlived] : [])];
  const isWritten = values['dry-run'] !== true && refused.length === 0 && result.changes.length > 0;
  if (isWritten) writeWhole(file, result.text);
  const shown = { source, target, to, result, refused, isWritten };
  streams.stdout.write(values.json === true ? documentOf(shown, judging) : await page(shown, judging, args, streams));
  return exitCode(refused, 'error');
}

function pairOf(root: string, named: readonly string[]): [string, string] {
  const [from, to, ...more] = named;
  if (from === undefined || to === undefined || more.length > 0)
    throw new UsageError('"promote" needs two environments, as in "perpetual promote dev prod"');
  if (from === to) throw new UsageError(`"${from}" has what it has: name another environment to copy to`);
  chosen(root, [from, to]);
  const promotion = ownersOf(root).promotions.get(to);
  if (promotion && promotion.from !== from)
    throw new UsageError(`policies/config.yaml has "${to}" promoted from "${promotion.from}", not from "${from}"`, 1);
  return [from, to];
}

function keysOf(only: Arguments['values'][string]): string[] {
  const known = travelling();
  const wanted = manyOf(only);
  const other = wanted.find((key) => !known.includes(key));
  if (other !== undefined) throw new UsageError(`"${other}" does not travel; what does: ${known.join(', ')}`);
  return wanted.length > 0 ? wanted : known;
}

/** The engine is asked only where the owners want to know what is live. */
async function liveness(
  root: string,
  environment: string,
  { after }: Promoted,
  streams: Streams,
): Promise<Diagnostic | undefined> {
  if (!ownersOf(root).promotions.get(environment)?.requireLive) return undefined;
  const say = (line: string): void => void streams.stderr.write(`perpetual: ${line}\n`);
  const interrupt = new Interrupt(say);
  try {
    const session = await startSession(streams.env, [], interrupt, say);
    return await notLiveYet(session, environment, after.loaded, await deployedIn(session, environment));
  } finally {
    interrupt.close();
  }
}

type Shown = {
  source: string;
  target: string;
  to: Compiled;
  result: Promoted;
  refused: readonly Diagnostic[];
  isWritten: boolean;
};

/** The edit of the text, what it does, and what is against it. */
async function page(
  { source, target, to, result, refused, isWritten }: Shown,
  judging: Judging,
  { values }: Arguments,
  streams: Streams,
): Promise<string> {
  const { text, changes, after } = result;
  if (changes.length === 0) return `${target} has already what travels from ${source}\n`;
  const { file } = to.loaded.source;
  const color = useColor(values.color, streams);
  const report = { diffs: [diffSpecs(to, after)], ...judging.about() };
  const findings = await prettyFindings(
    { diagnostics: refused, source: () => after.loaded.source },
    painter(color),
    Number.POSITIVE_INFINITY,
  );
  const end = isWritten
    ? `written: ${file}`
    : refused.length > 0
      ? 'nothing was written'
      : 'nothing was written: it was not meant to be';
  return [unifiedDiff(file, to.loaded.source.text, text), prettyDiff(report, color), ...findings, `${end}\n`].join(
    '\n',
  );
}

function documentOf({ source, target, to, result, refused, isWritten }: Shown, judging: Judging): string {
  const { changes, after } = result;
  const document = JSON.parse(jsonDiff({ diffs: [diffSpecs(to, after)], ...judging.about() }));
  const findings = refused.map((each) =>
    jsonFinding({ source: () => after.loaded.source, environmentOf: () => target }, each),
  );
  return `${JSON.stringify({ ...document, from: source, to: target, changes, findings, written: isWritten }, null, 2)}\n`;
}
