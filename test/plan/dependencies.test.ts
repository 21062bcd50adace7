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

  it('leave no literal name of a parent where a reference to it would do', () => {
    const made = resources.flatMap(({ type, inputs }) => {
      const key = parents[type];
      return key ? [`${key} ${inputs[key]}`] : [];
    });
    const literal = resources.flatMap(({ type, name, inputs }) =>
      [...new Set(Object.values(parents))]
        .filter((key) => parents[type] !== key && made.includes(`${key} ${inputs[key]}`))
        .map((key) => `${name}: ${key}`),
    );
    expect(literal).toEqual([]);
  });
});

/** What others are made in, by the key of its name. */
const parents: Record<string, string> = {
  'azure-native:dataprotection:BackupVault': 'vaultName',
  'azure-native:dns:Zone': 'zoneName',
  'azure-native:keyvault:Vault': 'vaultName',
  'azure-native:network:VirtualNetwork': 'virtualNetworkName',
  'azure-native:resources:ResourceGroup': 'resourceGroupName',
  'azure-native:storage:StorageAccount': 'accountName',
};
