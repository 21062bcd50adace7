import type { Resource } from '../src/plan.ts';
import { definePolicy } from '../src/policy/policy.ts';
import { ofType } from '../src/policy/references.ts';
import { isPresent, items, object, referenceOf, text } from '../src/views.ts';

const registryType = 'azure-native:containerregistry:Registry';

export default definePolicy({
  id: 'registry-sku-unsuited',
  title: 'a container registry must have the tier that what it asks for needs',
  why: 'Azure refuses the registry; Classic is no longer made, and most of what protects a registry is in Premium only',
  fix: 'choose Premium, or do without what needs it',
  source: 'https://learn.microsoft.com/azure/container-registry/container-registry-skus',
  example: {
    wrong: '{ sku: { name: Basic }, zoneRedundancy: Enabled }',
    right: '{ sku: { name: Premium }, zoneRedundancy: Enabled }',
  },
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: true,
  *plan({ resources }) {
    for (const registry of ofType(resources, registryType)) {
      const tier = text(object(registry.inputs.sku).name)?.toLowerCase();
      if (tier === undefined || tier === 'premium') continue;
      if (tier === 'classic')
        yield { resource: registry.name, input: 'sku.name', message: 'Azure makes no registry of the tier Classic' };
      for (const { input, what } of tier === 'classic' ? [] : premiumOnly(registry))
        yield {
          resource: registry.name,
          input,
          message: `${what} needs a registry of the tier Premium, and this is "${text(object(registry.inputs.sku).name)}"`,
        };
      if (tier === 'basic' && registry.inputs.anonymousPullEnabled === true)
        yield {
          resource: registry.name,
          input: 'anonymousPullEnabled',
          message: 'pulling without a login needs a registry of the tier Standard or Premium',
        };
      for (const replication of tier === 'classic'
        ? []
        : ofType(resources, 'azure-native:containerregistry:Replication')) {
        if (isOf(replication, registry))
          yield {
            resource: replication.name,
            input: 'registryName',
            message: `the registry "${registry.name}" is not of the tier Premium and has no copies elsewhere`,
          };
      }
    }
  },
});

/** What of a registry's inputs only Premium has. */
function* premiumOnly({ inputs }: Resource): Generator<{ input: string; what: string }> {
  const says = (value: unknown, word: string): boolean => text(value)?.toLowerCase() === word;
  const rules = object(inputs.networkRuleSet);
  const policies = object(inputs.policies);
  if (says(inputs.zoneRedundancy, 'enabled')) yield { input: 'zoneRedundancy', what: 'zone redundancy' };
  if (says(inputs.publicNetworkAccess, 'disabled'))
    yield { input: 'publicNetworkAccess', what: 'closing the public endpoint' };
  if (says(rules.defaultAction, 'deny') || items(rules.ipRules).length > 0)
    yield { input: 'networkRuleSet', what: 'a firewall' };
  if (inputs.dataEndpointEnabled === true) yield { input: 'dataEndpointEnabled', what: 'a dedicated data endpoint' };
  if (says(object(inputs.encryption).status, 'enabled'))
    yield { input: 'encryption', what: "encryption with one's own key" };
  for (const [policy, what] of Object.entries(policiesOfPremium)) {
    if (says(object(policies[policy]).status, 'enabled')) yield { input: `policies.${policy}`, what };
  }
}

const policiesOfPremium = { retentionPolicy: 'a retention policy', trustPolicy: 'content trust' };

const isOf = ({ inputs }: Resource, registry: Resource): boolean =>
  referenceOf(inputs.registryName) === registry.name ||
  (isPresent(registry.inputs.registryName) &&
    text(inputs.registryName)?.toLowerCase() === text(registry.inputs.registryName)?.toLowerCase());
