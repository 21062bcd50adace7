import { readFileSync } from 'node:fs';
import type { Resource, Token } from '../../src/plan.ts';
import { nearest, toPlain } from '../../src/spec/node.ts';
import { parseYaml } from '../../src/spec/parse-yaml.ts';
import { Source } from '../../src/spec/source.ts';

/** Somebody else's program as data: resources in the provider's shape, `${name.output}` for what another one gives. */
export type Program = {
  resources: Resource[];
  config: Record<string, Record<string, unknown>>;
  lineOf(resource: string | undefined, input: string | undefined): number;
};

export function readProgram(file: string): Program {
  const source = new Source(file, readFileSync(file, 'utf8'));
  const { root } = parseYaml(source);
  const { resources, config = {} } = toPlain(root as NonNullable<typeof root>) as {
    resources: { type: string; name: string; inputs: object }[];
    config?: Program['config'];
  };
  const lineAt = (path: string): number => source.position(nearest(root, path).range.start).line;
  return {
    resources: resources.map(({ type, name, inputs }) => ({
      type: type as Token,
      name,
      inputs: withReferences(inputs) as Record<string, unknown>,
      options: {},
      origin: '',
      trace: {},
    })),
    config,
    // What is missing is shown at the nearest thing there is: its key, or the resource itself.
    lineOf: (resource, input) => {
      if (resource === undefined) return lineAt('config');
      const at = `resources[${resources.findIndex(({ name }) => name === resource)}]`;
      return lineAt(input === undefined ? at : `${at}.inputs${input.startsWith('[') ? '' : '.'}${input}`);
    },
  };
}

function withReferences(value: unknown): unknown {
  const reference = typeof value === 'string' ? /^\$\{([\w-]+)\.(\w+)\}$/.exec(value) : null;
  if (reference) return { $: { ref: reference[1], output: reference[2] } };
  if (Array.isArray(value)) return value.map(withReferences);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withReferences(each)]));
}
