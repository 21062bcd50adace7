import facts from './key-facts.json' with { type: 'json' };

/** What a key of the spec does to the plan, the bill and what is deployed, as `npm run gen` has seen it. */
export type KeyFacts = {
  /** Types of resources that are there or not because of it. */
  makes: string[];
  /** Types of which an input comes from it. */
  sets: string[];
  /** Items of the bill that another value changes. */
  bill: string[];
  /** What another value does to what is deployed: a kind of change, and the types it happens to. */
  later: Record<string, string[]>;
};

const known: Readonly<Record<string, KeyFacts>> = facts;

const kinds = {
  created: 'creates',
  deleted: 'deletes',
  refused: 'Azure refuses to change',
  replaced: 'replaces',
  updated: 'changes in place',
} as const;

/** The facts in words; those of a section are those of its keys. */
export function factsInWords(path: string): [title: string, text: string][] {
  const own = Object.entries(known).filter(
    ([key]) => key === path || key.startsWith(`${path}.`) || key.startsWith(`${path}[`),
  );
  const all = (pick: (facts: KeyFacts) => readonly string[]): string[] =>
    [...new Set(own.flatMap(([, each]) => pick(each)).map(shortType))].sort();
  const makes = all((each) => each.makes);
  const sets = all((each) => each.sets).filter((type) => !makes.includes(type));
  const bill = all((each) => each.bill);
  const later = Object.entries(kinds).flatMap(([kind, verb]) => {
    const types = all((each) => each.later[kind] ?? []);
    return types.length > 0 ? [`${verb}: ${types.join(', ')}`] : [];
  });
  return [
    ['creates', listed(makes) ?? 'nothing by itself'],
    ['decides', listed(sets) ?? (makes.length > 0 ? 'nothing beyond what it creates' : 'no input of a resource')],
    ['costs', bill.length > 0 ? `it decides about ${bill.join(', ')}` : 'nothing: no item of the bill depends on it'],
    ['changing', later.length > 0 ? later.join('\n') : 'nothing that is deployed'],
  ];
}

const listed = (types: readonly string[]): string | undefined => (types.length > 0 ? types.join(', ') : undefined);

/** `azure-native:compute:Disk` is a Disk. */
const shortType = (type: string): string => type.replace(/^[\w.:/-]+:(\w+)/, '$1');
