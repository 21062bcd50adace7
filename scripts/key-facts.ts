import { readFileSync } from 'node:fs';
import { changeRules } from '../src/catalog/changes.ts';
import { type Change, comparePlans } from '../src/changes/compare.ts';
import { type Compiled, compile, isWhole } from '../src/compile.ts';
import type { Value } from '../src/edit/change.ts';
import { applied, editsOf } from '../src/edit/edits.ts';
import type { KeyFacts } from '../src/explain/key-facts.ts';
import { find, toPlain } from '../src/spec/node.ts';
import { parsePath } from '../src/spec/path.ts';
import { specSchema } from '../src/spec/schema.ts';
import { allFields, at, choicesOf, fieldOf, keysOf, limitsOf } from '../src/spec/shape.ts';

/**
 * What each key of the spec does, seen from outside: the specs below are compiled with other values of the key, one by
 * one, and what is another resource, another line of the bill or another fate of what is deployed goes into the facts.
 */
const bases = ['all-keys', 'everything', 'everything-else'].map((name) => `test/fixtures/specs/${name}.yaml`);
// What policies say of it is another matter.
const options = { today: '2026-11-22', policies: [] };

/** Values that the schema can't think of. */
const others: Readonly<Record<string, readonly Value[]>> = {
  'azure.region': ['westeurope'],
  'azure.subscription': ['99999999-2222-3333-4444-555555555555'],
  'azure.resourceGroup': ['another-rg'],
  'cluster.kubernetesVersion': ['1.36', '1.34'],
  'cluster.nodePool.vmSize': ['Standard_D4as_v5'],
  'cluster.pools[].vmSize': ['Standard_D8as_v5'],
  'cluster.pools[].name': ['other'],
  'metadata.name': ['another'],
  'metadata.environment': ['another'],
  'network.addressSpace': ['10.20.0.0/15'],
  'network.subnet': ['10.20.0.0/23'],
  'network.expose.api.from': [['cluster']],
  'network.expose.gateway.from': [['internet'], ['cluster']],
  'network.expose.swarm.from': [['internet'], ['cluster']],
  'node.image': ['docker.io/ipfs/kubo:v0.41.0'],
  'node.ipfs.swarmKey': ['env:ANOTHER'],
  'registry.name': ['another'],
  'registry.password': ['env:ANOTHER'],
  'registry.username': ['env:ANOTHER'],
  'secrets.items[].from': ['env:ANOTHER'],
  'secrets.items[].name': ['another'],
};

type Found = { makes: Set<string>; sets: Set<string>; bill: Set<string>; later: Map<string, Set<string>> };

export function keyFacts(paths?: readonly string[]): Record<string, KeyFacts> {
  const compiled = bases.map((file) => compile(file, readFileSync(file, 'utf8'), options));
  const facts: Record<string, KeyFacts> = {};
  for (const { path, schema } of allFields(specSchema)) {
    if (keysOf(schema) || (paths && !paths.includes(path))) continue;
    const found: Found = { makes: new Set(), sets: new Set(), bill: new Set(), later: new Map() };
    for (const base of compiled) {
      traced(base, path, found);
      for (const place of placesOf(base, path))
        for (const value of valuesFor(base, place, path)) tried(base, place, value, found);
    }
    facts[path] = {
      makes: [...found.makes].sort(),
      sets: [...found.sets].filter((type) => !found.makes.has(type)).sort(),
      bill: [...found.bill].sort(),
      later: Object.fromEntries([...found.later].sort().map(([kind, types]) => [kind, [...types].sort()])),
    };
  }
  return facts;
}

const general = (path: string): string => path.replace(/\[\d+\]/g, '[]');

function traced({ plan }: Compiled, path: string, { makes, sets }: Found): void {
  const isIt = (read: string): boolean => general(read) === path || general(read).startsWith(`${path}[]`);
  for (const { type, trace } of plan?.resources ?? [])
    for (const [input, reads] of Object.entries(trace)) if (reads.some(isIt)) (input === '' ? makes : sets).add(type);
}

/** Where the key is, or could be, in a spec: in the first item of each list. */
function placesOf({ loaded }: Compiled, path: string): string[] {
  const lists = path.split('[]').slice(0, -1);
  const place = path.replaceAll('[]', '[0]');
  if (path.includes('{}')) return [];
  return lists.every((_, index) => find(loaded.root, `${lists.slice(0, index + 1).join('[0]')}[0]`)) ? [place] : [];
}

function valuesFor({ loaded }: Compiled, place: string, path: string): (Value | undefined)[] {
  const schema = at(specSchema, parsePath(place));
  if (!schema) return [];
  const { about, optional } = fieldOf(schema);
  const node = find(loaded.root, place)?.node;
  const now = (node && toPlain(node)) as Value | undefined;
  const { minimum, maximum } = limitsOf(schema);
  const isList = Array.isArray(about.example) || Array.isArray(now);
  const candidates: (Value | undefined)[] = [
    ...(others[path] ?? []),
    ...choicesOf(schema),
    ...(typeof about.example === 'boolean' ? [true, false] : []),
    ...(typeof now === 'number' ? [now * 2, now + 1, Math.ceil(now / 2)] : []),
    ...(!isList && minimum !== undefined && maximum !== undefined ? [minimum, Math.min(maximum, minimum + 10)] : []),
    about.example as Value | undefined,
    ...(isList ? [[]] : []),
    ...(optional && node ? [undefined] : []),
  ];
  const seen = new Set([JSON.stringify(now)]);
  return candidates.filter((each) => {
    const key = JSON.stringify(each);
    return (each !== undefined || node !== undefined) && !seen.has(key) && seen.add(key);
  });
}

function tried(base: Compiled, path: string, to: Value | undefined, found: Found): void {
  const edits = editsOf(base.loaded, [{ path, to }]);
  if (!edits || !base.plan) return;
  const head = compile(base.loaded.source.file, applied(base.loaded.source.text, edits), options);
  // A spec of which a part is unusable would look as if the key made that part.
  if (!head.plan || !isWhole(head)) return;
  const [before, after] = [base, head].map(
    ({ bill }) => new Map(bill?.items.map((item) => [`${item.name} ${item.resource}`, item])),
  );
  for (const key of new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])) {
    const [one, other] = [before?.get(key), after?.get(key)];
    if (one?.monthlyUsd !== other?.monthlyUsd) found.bill.add((one ?? other)?.name ?? '');
  }
  for (const change of comparePlans(base.plan, head.plan)) {
    const types = found.later.get(change.kind) ?? new Set();
    found.later.set(change.kind, types.add(fateOf(change)));
  }
}

const fateOf = ({ type, kind }: Change): string => {
  const { lost } = changeRules(type);
  return lost !== undefined && (kind === 'replaced' || kind === 'deleted') ? `${type} (lost: ${lost})` : type;
};
