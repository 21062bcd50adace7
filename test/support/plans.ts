import { readFileSync } from 'node:fs';
import { buildPlan } from '../../src/build-plan.ts';
import type { Resource, Token } from '../../src/plan.ts';
import { type LoadedSpec, loadSpec } from '../../src/spec/load.ts';
import type { Node } from '../../src/spec/node.ts';
import { childPath, parsePath } from '../../src/spec/path.ts';
import { type Spec, specSchema } from '../../src/spec/schema.ts';
import { at, choicesOf, limitsOf } from '../../src/spec/shape.ts';
import { Source } from '../../src/spec/source.ts';
import { leastSpec, withValue } from './specs.ts';

/** A plan with the spec it was made of. */
export type Made = { label: string; spec: Spec; resources: readonly Resource[] };

/** A resource that stands for itself: where it comes from is of no matter. */
export const resource = (type: string, name: string, inputs: Record<string, unknown>): Resource => ({
  type: type as Token,
  name,
  inputs,
  options: {},
  origin: '',
  trace: {},
});

const files = [
  'specs/dev/perpetual-node.yaml',
  'specs/prod/perpetual-node.yaml',
  ...fixture('everything', 'seeds-bill'),
];
/** Those of which every leaf is varied; between them they have every key. */
const varied = fixture('all-keys', 'everything-else');

function fixture(...names: string[]): string[] {
  return names.map((name) => `test/fixtures/specs/${name}.yaml`);
}

let made: Made[] | undefined;

/**
 * The plans of all specs there are, and those with each key at its least, at its most and at each of its choices: what
 * holds in all of them a spec can't change.
 */
export function everyPlan(): readonly Made[] {
  made ??= [
    one('the least spec', load(leastSpec)),
    ...[...files, ...varied].map((file) => one(file, load(readFileSync(file, 'utf8')))),
    ...varied.flatMap((file) => {
      const text = readFileSync(file, 'utf8');
      return [...leavesOf(load(text).root)].flatMap((path) =>
        valuesOf(path).map((value) =>
          one(`${file} with ${path}: ${value}`, load(withValue(text, parsePath(path), value))),
        ),
      );
    }),
  ];
  return made;
}

const load = (text: string): LoadedSpec => loadSpec(new Source('x.yaml', text));

function one(label: string, { spec }: LoadedSpec): Made {
  return { label, spec: spec as Spec, resources: buildPlan(spec as Spec).plan.resources };
}

function* leavesOf(node: Node | undefined, path = ''): Generator<string> {
  if (node?.kind === 'scalar') yield path;
  else if (node?.kind === 'list')
    for (const [index, item] of node.items.entries()) yield* leavesOf(item, childPath(path, index));
  else
    for (const { key, value } of node?.kind === 'map' ? node.entries : []) yield* leavesOf(value, childPath(path, key));
}

function valuesOf(path: string): (string | number)[] {
  const schema = at(specSchema, parsePath(path));
  // What a usage assumes is in no plan.
  if (!schema || path.startsWith('usage')) return [];
  const { minimum, maximum } = limitsOf(schema);
  return [...choicesOf(schema), ...[minimum, maximum].flatMap((limit) => limit ?? [])];
}

/** The resources of a type in every plan, with the plan each is in. */
export const everyOne = (...types: string[]): (Made & { resource: Resource; inputs: Input })[] =>
  everyPlan().flatMap((plan) =>
    plan.resources
      .filter(({ type }) => types.includes(type))
      .map((resource) => ({ ...plan, resource, inputs: resource.inputs as Input })),
  );

// biome-ignore lint/suspicious/noExplicitAny: the inputs of many types, read as the tests expect them
export type Input = any;
