import type { Fix } from '../diagnostic.ts';
import { flowText } from '../edit/yaml-text.ts';
import type { Position, Source } from '../spec/source.ts';
import type { FitEdit } from './describe.ts';
import type { FitResult } from './fit.ts';
import type { Floor } from './floor.ts';
import type { Fit } from './sets.ts';

/** For people: what to edit, what each set gives up, or why nothing is to be had. */
export function prettyFit(result: FitResult): string {
  const { file, currentUsd, targetUsd, partial, budgetUsd, errors, refusedBy, alreadyFits, fits, floor } = result;
  if (errors.length > 0) return lines(`${file}: first the errors: ${errors.join(', ')}`, 'perpetual check shows them');
  const head = `${file}: ${usd(currentUsd)} USD/month${partial ? ', without what has no price' : ''}`;
  if (alreadyFits) return lines(`${head}; that fits ${usd(targetUsd)}`);
  const facts = [
    ...(refusedBy.length > 0 ? [`as it is it can't be deployed: ${refusedBy.join(', ')}`] : []),
    ...(budgetUsd === undefined ? [] : [`the budget, ${usd(budgetUsd)}, is tighter than ${usd(targetUsd)}`]),
  ];
  if (floor) return lines(head, ...facts, '', ...floorLines(floor));
  const count = fits.length === 1 ? 'one set of edits fits' : `${fits.length} sets of edits fit`;
  return lines(
    head,
    ...facts,
    `${count} ${usd(targetUsd)}; the compiler accepts each, and none of its edits can be left out`,
    ...fits.flatMap((fit, index) => ['', ...fitLines(fit, index + 1)]),
  );
}

function fitLines({ totalUsd, savingUsd, edits, givesUp, repairs, conditions }: Fit, rank: number): string[] {
  return [
    `${rank}. ${usd(totalUsd)} USD/month, ${usd(Math.abs(savingUsd))} ${savingUsd < 0 ? 'more' : 'less'}`,
    ...edits.map((edit) => `     ${editText(edit)}`),
    ...repairs.map(({ policy, what }) => `   for ${policy}: ${what}`),
    ...givesUp.map((loss) => `   gives up: ${loss}`),
    ...conditions.map((condition) => `   mind: ${condition}`),
  ];
}

function floorLines({ limitUsd, totalUsd, overBudget, items, edits, givesUp, waivers, elsewhere }: Floor): string[] {
  const outcome = (total: number, fits: boolean): string =>
    `${usd(total)} USD/month, ${fits ? 'which fits' : 'still too much'}`;
  return [
    `nothing that can be deployed costs ${usd(limitUsd)} USD/month or less; the least is ${usd(totalUsd)}:`,
    ...itemLines(items, totalUsd, limitUsd),
    ...(overBudget ? ['the budget would have to be raised to that'] : []),
    '',
    ...(edits.length > 0 ? ['it takes these edits:'] : []),
    ...edits.map((edit) => `     ${editText(edit)}`),
    ...givesUp.map((loss) => `   gives up: ${loss}`),
    '',
    ...waivers.map(
      ({ policy, totalUsd: total, fits }) => `with a waiver of ${policy} the least is ${outcome(total, fits)}`,
    ),
    ...(elsewhere ? [`in the region ${elsewhere.region} it is ${outcome(elsewhere.totalUsd, elsewhere.fits)}`] : []),
    ...(waivers.length === 0 && !elsewhere ? ['no waiver of a policy and no other region brings it down'] : []),
  ];
}

/** The largest first, equal ones as one; and what is too much by itself. */
function itemLines(items: Floor['items'], totalUsd: number, limitUsd: number): string[] {
  const sums = new Map<string, { count: number; name: string; monthlyUsd: number | null }>();
  for (const { name, detail, monthlyUsd } of items) {
    if (monthlyUsd !== null && monthlyUsd < 0.005) continue;
    const text = `${name}${detail ? ` (${detail})` : ''}`;
    const { count = 0, monthlyUsd: before = 0 } = sums.get(text) ?? {};
    sums.set(text, {
      count: count + 1,
      name,
      monthlyUsd: monthlyUsd === null || before === null ? null : before + monthlyUsd,
    });
  }
  const sorted = [...sums].sort(([, a], [, b]) => (b.monthlyUsd ?? -1) - (a.monthlyUsd ?? -1));
  const [first] = sorted;
  const most = first?.[1].monthlyUsd ?? 0;
  return [
    ...sorted.map(
      ([text, { count, monthlyUsd }]) =>
        `${(monthlyUsd === null ? 'no price' : usd(monthlyUsd)).padStart(10)}  ${count > 1 ? `${count} x ` : ''}${text}`,
    ),
    ...(first && most > limitUsd ? [`${usd(most)} for "${first[1].name}" alone is more than ${usd(limitUsd)}`] : []),
    ...(first && totalUsd - most > limitUsd ? [`so is the rest without it, ${usd(totalUsd - most)}`] : []),
  ];
}

const editText = ({ path, from, to }: FitEdit): string =>
  to === null
    ? `${path}: removed`
    : `${path}: ${from === null ? '' : `${flowText(from as string)} `}-> ${flowText(to as string)}`;

const usd = (amount: number): string => amount.toFixed(2);
const lines = (...all: string[]): string => `${all.join('\n').trimEnd()}\n`;

/** For programs: the same, with the edits of the text as findings have them, lines and columns from 1. */
export function jsonFit(result: FitResult, source: Source): string {
  const at = ({ start, end }: { start: number; end: number }): { start: Position; end: Position } => ({
    start: source.position(start),
    end: source.position(end),
  });
  const fix = ({ title, safe, edits }: Fix) => ({
    title,
    safe,
    edits: edits.map(({ range, newText }) => ({ range: at(range), newText })),
  });
  const fits = result.fits.map((each) => ({ ...each, fix: fix(each.fix) }));
  return `${JSON.stringify({ formatVersion: 1, ...result, fits }, null, 2)}\n`;
}
