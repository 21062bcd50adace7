import { apiVersionOfSdk } from '../src/catalog/provider-inputs.ts';
import { type ApiEnd, apiEnds, daysBetween } from '../src/catalog/sku-rules.ts';
import type { Resource } from '../src/plan.ts';
import { definePolicy } from '../src/policy/policy.ts';
import { apiVersionOf, currentType } from '../src/policy/provider-types.ts';

export default definePolicy({
  id: 'api-version-retired',
  title: "a resource must be asked for by a version of Azure's interface that Azure still answers",
  why: 'from its last day on Azure refuses every request of the version: nothing of the kind can be made, changed or deleted',
  fix: 'move to an azure-native whose default is newer, or name the version with "pulumi package add azure-native keyvault@2026-02-01"',
  source: 'https://learn.microsoft.com/azure/key-vault/general/access-control-default',
  example: {
    wrong: 'azure-native:containerservice/v20230102preview:ManagedCluster',
    right: 'azure-native:containerservice:ManagedCluster',
  },
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: true,
  *plan({ resources, today }) {
    const found = new Map<string, { first: Resource; end: ApiEnd; usual: boolean; count: number }>();
    for (const resource of resources) {
      const current = currentType(resource.type);
      const [, service = ''] = current.split(':');
      const end = apiEnds(service);
      if (!end) continue;
      const named = namedVersion(resource.type);
      const version = named ?? apiVersionOfSdk(current)?.version;
      if (version === undefined || version >= end.olderThan || daysBetween(today, end.retires) > 0) continue;
      if (end.preview && !version.endsWith('-preview')) continue;
      const known = found.get(`${service} ${version}`);
      if (known) known.count++;
      else found.set(`${service} ${version}`, { first: resource, end, usual: named === undefined, count: 1 });
    }
    // All of one version have one cause.
    for (const [what, { first, end, usual, count }] of found) {
      const asker = usual ? `, which ${apiVersionOfSdk(currentType(first.type))?.sdk} asks for,` : '';
      yield {
        resource: first.name,
        message: `the version ${what.split(' ')[1]} of Azure's interface${asker} is retired since ${end.retires}`,
        ...(count > 1 && { note: `and ${count - 1} more of it` }),
      };
    }
  },
});

/** The version that a program names in the type, as `2023-01-02-preview`. */
function namedVersion(type: string): string | undefined {
  const day = apiVersionOf(type)?.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
  return day && `${day}${/\dpreview:/.test(type) ? '-preview' : ''}`;
}
