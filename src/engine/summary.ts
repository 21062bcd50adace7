import { cents } from '../cost/bill.ts';
import { type Diagnostic, sortDiagnostics } from '../diagnostic.ts';
import { jsonFinding } from '../report/json.ts';
import { painter } from '../report/paint.ts';
import { prettyFindings } from '../report/pretty.ts';
import { catalogDate, version } from '../version.ts';
import { type ChangeKind, countsOf, type Outcome, type ResourceChange } from './outcome.ts';
import type { Result } from './result.ts';
import type { Money } from './target.ts';

type Words = Record<ChangeKind, string>;
const future: Words = { create: 'to create', update: 'to update', replace: 'to replace', delete: 'to delete' };
const past: Words = { create: 'created', update: 'updated', replace: 'replaced', delete: 'deleted' };
/** What reading back has found. */
const found: Words = { create: 'new', update: 'different', replace: 'different', delete: 'gone' };

/** What is lost comes first: it is what one must not overlook. */
const order: readonly ChangeKind[] = ['replace', 'delete', 'update', 'create'];
/** More names than that are only counted: a whole new environment is no news by name. */
const namesShown = 8;

/** As they stand in the spec; what has drifted is in the order of its consequences. */
const inOrder = ({ verb, findings = [] }: Result): readonly Diagnostic[] =>
  verb === 'drift' ? findings : sortDiagnostics(findings);

/** What is wrong at lines of the spec, below the summary it belongs to. */
export async function withFindings(summary: string, result: Result): Promise<string> {
  const { source } = result;
  const located = await prettyFindings(
    { diagnostics: inOrder(result), source: () => source },
    painter(false),
    Number.POSITIVE_INFINITY,
  );
  return [summary, ...located].join('\n');
}

/** What would happen to an environment, for people. */
export const planSummary = (result: Result): Promise<string> => withFindings(planOf(result), result);

/** What has happened to an environment, for people; where it failed, the way back, too. */
export async function doneSummary(result: Result): Promise<string> {
  const summary = await withFindings(doneOf(result), result);
  return result.rollback ? `${summary}\n${await doneSummary(result.rollback)}` : summary;
}

function planOf(result: Result): string {
  const { environment, verb, planned, money, problems, spec, exitCode, findings, returnsTo, notes = [] } = result;
  const back = returnsTo ? [`back to ${returnsTo.name}${placeOf(returnsTo)}`] : [];
  if (!planned) return block(`${environment}: nothing was previewed`, [...back, ...troubles([], [], problems)]);
  const { changes, failures, warnings, uncertain } = planned;
  const isUnchanged = changes.length === 0 && failures.length === 0;
  const isReworded = spec?.deployedSha256 !== undefined && spec.sha256 !== spec.deployedSha256;
  const what = isUnchanged
    ? `no changes, ${planned.unchanged} unchanged`
    : counted(planned, verb === 'refresh' ? found : future);
  return block(`${environment}: ${exitCode === 8 ? 'cancelled, ' : ''}${what}`, [
    ...back,
    ...(verb === 'refresh' ? foundLines(planned) : changeLines(planned)),
    ...(uncertain > 0
      ? [`${uncertain} of them can't be foreseen exactly: the way to the cluster is known only after its change`]
      : []),
    ...(isUnchanged && isReworded ? ['the spec is worded differently and asks for the same'] : []),
    ...(money ? [moneyLine(money)] : []),
    ...notes.map((note) => `mind: ${note}`),
    ...policyLines(planned),
    ...troubles(unlocated(failures, findings), warnings, problems),
  ]);
}

/** How else the spec it goes back to is known. */
const placeOf = ({ name, sha256, commit }: NonNullable<Result['returnsTo']>): string => {
  const known = [
    ...(commit !== undefined && !name.includes(commit) ? [`commit ${commit}`] : []),
    ...(sha256 !== undefined ? [`sha256 ${sha256.slice(0, 12)}`] : []),
  ];
  return known.length > 0 ? ` (${known.join(', ')})` : '';
};

function policyLines({ policies, packs, failures }: Outcome): string[] {
  const judges = Object.entries(packs).map(([name, version]) => `${name} ${version}`);
  // What failed before the end was not judged as a whole.
  if (policies.length === 0 && failures.length === 0 && judges.length > 0)
    return [`policies: all satisfied (${judges.join(', ')})`];
  return policies.map(
    ({ policy, level, resource, message }) =>
      `${level === 'mandatory' ? 'error' : 'warning'}[${policy}]: ${resource ? `${resource}: ` : ''}${message}`,
  );
}

function doneOf(result: Result): string {
  const { environment, verb, planned, done, problems, exitCode, findings, notes = [] } = result;
  const isBack = verb === 'rollback';
  if (!done) {
    const said = [...(exitCode === 0 ? notes : []), ...troubles([], [], problems)];
    if (isBack) return block(`${environment}: ${exitCode === 0 ? 'nothing to roll back' : 'not rolled back'}`, said);
    return said.length > 0 ? block(`${environment}: not done`, said) : '';
  }
  const failure = isBack ? 'rolling back failed, ' : 'failed, ';
  const how = exitCode === 0 ? (isBack ? 'rolled back, ' : '') : exitCode === 8 ? 'cancelled, ' : failure;
  const what = done.changes.length === 0 ? 'nothing changed' : counted(done, verb === 'refresh' ? found : past);
  const left = isBack && exitCode !== 0 ? notDone(planned, done) : [];
  return block(`${environment}: ${how}${what}`, [
    ...(verb === 'refresh' ? foundLines(done) : []),
    ...(left.length > 0 ? [`not back yet: ${namesOf(left)}`] : []),
    ...notes,
    ...troubles(unlocated(done.failures, findings), done.warnings, problems),
  ]);
}

/** What was planned and has not come to pass. */
const notDone = (planned: Outcome | undefined, { changes }: Outcome): ResourceChange[] =>
  planned?.changes.filter(({ name }) => !changes.some((each) => each.name === name)) ?? [];

const troubles = (
  failures: Outcome['failures'],
  warnings: readonly string[],
  problems: readonly string[],
): string[] => [
  ...warnings.map((warning) => `warning: ${warning}`),
  ...failures.map(({ resource, message }) => `error: ${resource ? `${resource}: ` : ''}${message}`),
  ...problems.map((problem) => `error: ${problem}`),
];

/** What failed and is not said at its line. */
const unlocated = (failures: Outcome['failures'], findings: Result['findings'] = []): Outcome['failures'] =>
  failures.filter(
    ({ resource }) => !findings.some((each) => each.code === 'deploy/failed' && each.resource?.name === resource),
  );

export const block = (head: string, lines: readonly string[]): string =>
  [head, ...lines.map((line) => `  ${line.replaceAll('\n', '\n    ')}`)].map((line) => `${line}\n`).join('');

function counted(outcome: Outcome, words: Words): string {
  const counts = countsOf(outcome);
  const parts = order.filter((kind) => counts[kind] > 0).map((kind) => `${counts[kind]} ${words[kind]}`);
  return [...parts, ...(outcome.unchanged > 0 ? [`${outcome.unchanged} unchanged`] : [])].join(', ') || 'no changes';
}

/** What is lost and what an edit changes by name; what merely comes along is counted. */
function changeLines({ changes }: Outcome): string[] {
  return order.flatMap((kind) => {
    const all = changes.filter((change) => change.kind === kind);
    const isOfNote = ({ inputs, lost, stays }: ResourceChange): boolean =>
      lost !== undefined || stays === true || (kind === 'update' && inputs.length > 0);
    const graveFirst = [
      ...all.filter(({ lost }) => lost !== undefined),
      ...all.filter((change) => change.lost === undefined && isOfNote(change)),
    ];
    const others = all.filter((change) => !isOfNote(change));
    return [
      ...graveFirst.flatMap((change) => noteOn(change)),
      ...(others.length > 0 ? [`${kind} ${namesOf(others)}`] : []),
    ];
  });
}

const noteOn = ({ kind, name, inputs, lost, stays }: ResourceChange): string[] => [
  `${kind} ${name}${inputs.length > 0 ? `: ${inputs.join(', ')}` : ''}${stays ? ' (it stays in Azure)' : ''}`,
  ...(lost ? [`  lost with it: ${lost}`] : []),
];

function foundLines({ changes }: Outcome): string[] {
  const of = (word: string) => changes.filter(({ kind }) => found[kind] === word);
  return [...new Set(Object.values(found))].flatMap((word) =>
    of(word).length > 0 ? [`${word}: ${namesOf(of(word))}`] : [],
  );
}

function namesOf(changes: readonly ResourceChange[]): string {
  const names = changes.map(({ name }) => name);
  const more = names.length - namesShown;
  return `${names.slice(0, namesShown).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

const usd = (amount: number | null): string => (amount === null ? 'unknown' : amount.toFixed(2));

function moneyLine({ beforeUsd, afterUsd, partial }: Money): string {
  const change = beforeUsd === null || afterUsd === null ? undefined : cents(afterUsd - beforeUsd);
  const sum =
    change === 0
      ? `${usd(afterUsd)} USD/month, as before`
      : `${usd(beforeUsd)} -> ${usd(afterUsd)} USD/month${change === undefined ? '' : ` (${change > 0 ? '+' : ''}${usd(change)})`}`;
  return `${sum}${partial ? ', without what has no price' : ''}`;
}

/** The same facts for programs, formatVersion 1. */
export function documentOf(results: readonly Result[], asOf: string): string {
  return `${JSON.stringify(
    {
      formatVersion: 1,
      tool: { version, catalog: catalogDate },
      asOf,
      environments: results.map(documented),
    },
    null,
    2,
  )}\n`;
}

const counting = (each: Outcome) => ({ counts: { ...countsOf(each), unchanged: each.unchanged }, ...each });

function documented(result: Result): Record<string, unknown> {
  const { environment, verb, exitCode, spec, money, planned, done, source, problems } = result;
  const { returnsTo, notes, drift, rollback } = result;
  return {
    ...{ environment, verb, exitCode },
    ...(spec && { spec }),
    ...(returnsTo && { returnsTo }),
    ...(money && { money }),
    ...(planned && { planned: counting(planned) }),
    ...(done && { done: counting(done) }),
    findings: inOrder(result).map((each) =>
      jsonFinding({ source: () => source, environmentOf: () => environment }, each),
    ),
    ...(drift && { drift }),
    ...(notes && { notes }),
    problems,
    ...(rollback && { rollback: documented(rollback) }),
  };
}
