import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expressionsIn } from '../../src/expr.ts';
import type { Plan, Resource } from '../../src/plan.ts';
import { compileText } from '../support/specs.ts';

const specs = {
  dev: 'specs/dev/perpetual-node.yaml',
  prod: 'specs/prod/perpetual-node.yaml',
  everything: 'test/fixtures/specs/everything.yaml',
  'everything-else': 'test/fixtures/specs/everything-else.yaml',
};

const referencesOf = ({ inputs, options }: Resource): string[] => [
  ...[...expressionsIn(inputs)].flatMap(({ $ }) => ('ref' in $ ? [$.ref] : [])),
  ...(options.provider ? [options.provider] : []),
];

describe.each(Object.entries(specs))('dependencies of %s', (_, file) => {
  const { resources } = compileText(readFileSync(file, 'utf8')).plan as Plan;
  const named = new Map(resources.map((resource) => [resource.name, resource]));

  /** All that a resource waits for. */
  function upstream(names: readonly string[], seen = new Set<string>()): Set<string> {
    for (const name of names) {
      if (seen.has(name)) continue;
      seen.add(name);
      const resource = named.get(name) as Resource;
      upstream([...referencesOf(resource), ...(resource.options.dependsOn ?? [])], seen);
    }
    return seen;
  }

  it('go to what is declared before', () => {
    const seen = new Set<string>();
    for (const resource of resources) {
      for (const name of [...referencesOf(resource), ...(resource.options.dependsOn ?? [])])
        expect(seen, `${resource.name} needs ${name}`).toContain(name);
      seen.add(resource.name);
    }
  });

  it('are said only where no reference says so already', () => {
    const needless: string[] = [];
    for (const resource of resources) {
      const said = resource.options.dependsOn ?? [];
      for (const name of said) {
        const others = [...referencesOf(resource), ...said.filter((other) => other !== name)];
        if (upstream(others).has(name)) needless.push(`${resource.name} on ${name}`);
      }
    }
    expect(needless).toEqual([]);
  });

  it('leave no literal name of a resource where a reference to it would do', () => {
    const names = new Map<string, string>();
    for (const { name, type, inputs } of resources) {
      const key = Object.keys(inputs).find((each) =>
        ['resourceGroupName', 'vaultName', 'accountName', 'resourceName', 'zoneName'].includes(each),
      );
      if (key && typeof inputs[key] === 'string' && type !== 'azure-native:resources:ResourceGroup')
        names.set(inputs[key] as string, name);
    }
    for (const { name, inputs } of resources)
      for (const key of ['resourceGroupName', 'vaultName', 'accountName'])
        if (typeof inputs[key] === 'string' && names.get(inputs[key] as string) !== undefined)
          expect(names.get(inputs[key] as string), `${name}.${key}`).toBe(name);
  });
});
