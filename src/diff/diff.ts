import { type ChangeKind, comparePlans } from '../changes/compare.ts';
import { hazards } from '../changes/hazards.ts';
import { type Compiled, isWhole } from '../compile.ts';
import { compareBills, type ItemChange } from '../cost/compare.ts';
import type { Waiver } from '../diagnostic.ts';
import type { Resource } from '../plan.ts';
import { compareReaches, type Reach, reachesOf } from './exposure.ts';
import { compareFields, type FieldChange } from './fields.ts';
import { type Found, foundIn, foundOnlyIn } from './findings.ts';
import { type Grant, grantsOf } from './rights.ts';

export type ResourceChange = { kind: ChangeKind; type: string; name: string; inputs: string[] };
export type WaiverChange = {
  kind: 'added' | 'removed' | 'changed';
  policy: string;
  path: string;
  base?: Waiver;
  head?: Waiver;
};

/** What an edit of one spec does. All amounts are USD a month; `null` where a side has no bill. */
export type SpecDiff = {
  file: string;
  /** Where the base is another file. */
  baseFile?: string;
  environment: string;
  kind: 'same' | 'changed' | 'added' | 'removed';
  /** Sides with errors that hide a part of them: what is said here may not be all. */
  incomplete: ('base' | 'head')[];
  fields: FieldChange[];
  resources: ResourceChange[];
  unchanged: number;
  bill: { beforeUsd: number | null; afterUsd: number | null; partial: boolean; items: ItemChange[] };
  exposure: { opened: Reach[]; closed: Reach[] };
  rights: { widened: Grant[]; narrowed: Grant[] };
  findings: { new: Found[]; fixed: Found[] };
  waivers: WaiverChange[];
  /** What the edit replaces or deletes with what is lost with it, and what Azure refuses to change. */
  risks: Found[];
};

/** Compares two specs; a side that is undefined does not exist. */
export function diffSpecs(base: Compiled | undefined, head: Compiled | undefined): SpecDiff {
  const [side] = [head, base].filter((each) => each !== undefined);
  const [before, after] = [planOf(base), planOf(head)];
  const fields = base && head ? compareFields(base.loaded, head.loaded) : [];
  // Two environments are two sets of resources: none takes the place of another.
  const isEdit =
    !base || !head || base.environment === head.environment || base.loaded.source.file === head.loaded.source.file;
  const changes = comparePlans(before, after).filter(({ kind }) => isEdit || kind === 'created' || kind === 'deleted');
  const items = compareBills(base?.bill, head?.bill).filter(({ beforeUsd, afterUsd }) => beforeUsd !== afterUsd);
  const [grantedBefore, grantedAfter] = [grantsOf(before.resources), grantsOf(after.resources)];
  const findings = { new: foundOnlyIn(head, base), fixed: foundOnlyIn(base, head) };
  const waivers = compareWaivers(base, head);
  const isSame =
    fields.length + changes.length + items.length + findings.new.length + findings.fixed.length + waivers.length === 0;
  const file = side?.loaded.source.file ?? '';
  const baseFile = base?.loaded.source.file;
  return {
    file,
    ...(head && baseFile !== undefined && baseFile !== file && { baseFile }),
    environment: side?.environment ?? '',
    kind: !base ? 'added' : !head ? 'removed' : isSame ? 'same' : 'changed',
    incomplete: [
      ...(base && !isWhole(base) ? (['base'] as const) : []),
      ...(head && !isWhole(head) ? (['head'] as const) : []),
    ],
    fields,
    resources: changes.map(({ kind, type, name, inputs }) => ({ kind, type, name, inputs })),
    unchanged: isEdit ? after.resources.length - changes.filter(({ kind }) => kind !== 'deleted').length : 0,
    bill: {
      beforeUsd: base ? (base.bill?.monthlyUsd ?? null) : 0,
      afterUsd: head ? (head.bill?.monthlyUsd ?? null) : 0,
      partial: [base, head].some((each) => each?.bill?.partial === true),
      items,
    },
    exposure: compareReaches(reachesOf(before.resources), reachesOf(after.resources)),
    rights: { widened: without(grantedAfter, grantedBefore), narrowed: without(grantedBefore, grantedAfter) },
    findings,
    waivers,
    risks:
      isEdit && base && head?.plan
        ? hazards({ base: before, head: after, loaded: head.loaded }).map((each) => foundIn(head, each))
        : [],
  };
}

const planOf = (compiled: Compiled | undefined) =>
  compiled?.plan ?? { formatVersion: 1 as const, environment: '', resources: [] as Resource[] };

function without<T>(all: readonly T[], others: readonly T[]): T[] {
  const known = new Set(others.map((each) => JSON.stringify(each)));
  return all.filter((each) => !known.has(JSON.stringify(each)));
}

function compareWaivers(base: Compiled | undefined, head: Compiled | undefined): WaiverChange[] {
  const [before, after] = [waiversOf(base), waiversOf(head)];
  return [...new Set([...after.keys(), ...before.keys()])].flatMap((key): WaiverChange[] => {
    const [from, to] = [before.get(key), after.get(key)];
    const [side] = [to, from].filter((each) => each !== undefined);
    if (!side || JSON.stringify(from?.waiver) === JSON.stringify(to?.waiver)) return [];
    const { policy, path } = side;
    const kind = from === undefined ? 'added' : to === undefined ? 'removed' : 'changed';
    return [{ kind, policy, path, ...(from && { base: from.waiver }), ...(to && { head: to.waiver }) }];
  });
}

/** Only what is written in full: a malformed waiver is a finding. */
function waiversOf(compiled: Compiled | undefined) {
  return new Map(
    (compiled?.waivers ?? []).flatMap(({ policy, path = '', reason, owner, expires }) =>
      policy === undefined || reason === undefined || owner === undefined || expires === undefined
        ? []
        : [[`${policy} ${path}`, { policy, path, waiver: { reason, owner, expires } }] as const],
    ),
  );
}
