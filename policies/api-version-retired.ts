import { apiVersionOfSdk } from '../src/catalog/provider-inputs.ts';
import { apiEnds, daysBetween } from '../src/catalog/sku-rules.ts';
import type { Resource } from '../src/plan.ts';
import { definePolicy, type Finding, type PolicyContext } from '../src/policy/policy.ts';
import { apiVersionOf, currentType } from '../src/policy/provider-types.ts';

export default definePolicy({
  id: 'api-version-retired',
  title: "a resource must be asked for by a version of Azure's interface that Azure still answers",
  why: 'from its last day on Azure refuses every request of the version: nothing of the kind can be made, changed or deleted',
  fix: 'move to an azure-native whose default is newer, or name the version with "pulumi package add azure-native keyvault@2026-02-01"',
  source: 'https://learn.microsoft.com/azure/key-vault/general/access-control-default',
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: true,
  resource: {
    'azure-native:containerservice:AgentPool': judge,
    'azure-native:containerservice:ManagedCluster': judge,
    'azure-native:keyvault:Secret': judge,
    'azure-native:keyvault:Vault': judge,
  },
});

function* judge({ type }: Resource, { today }: PolicyContext): Generator<Finding> {
  const current = currentType(type);
  const end = apiEnds(current.split(':')[1] ?? '');
  const named = apiVersionOf(type)?.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
  const usual = apiVersionOfSdk(current);
  const version = named === undefined ? usual?.version : `${named}${/\dpreview:/.test(type) ? '-preview' : ''}`;
  if (!end || version === undefined || version >= end.olderThan || daysBetween(today, end.retires) > 0) return;
  if (end.preview && !version.endsWith('-preview')) return;
  const asker = named === undefined ? ` that ${usual?.sdk} asks for` : '';
  yield { message: `the version ${version} of Azure's interface${asker} is retired since ${end.retires}` };
}
