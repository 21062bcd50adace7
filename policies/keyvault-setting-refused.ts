import { definePolicy } from '../src/policy/policy.ts';
import { isPrivate } from '../src/policy/ranges.ts';
import { items, number, object, text } from '../src/views.ts';

const [leastDays, mostDays] = [7, 90];
const mostPolicies = 1024;

export default definePolicy({
  id: 'keyvault-setting-refused',
  title: 'a vault must have only settings that Azure takes',
  why: 'Azure refuses the vault, after the cluster it is for already exists',
  fix: 'leave enablePurgeProtection out instead of writing false, keep what is deleted for 7 to 90 days, and name public ranges',
  source: 'https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview',
  example: { wrong: 'enablePurgeProtection: false', right: 'enablePurgeProtection: true, or nothing' },
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: false,
  resource: {
    *'azure-native:keyvault:Vault'({ inputs }) {
      const properties = object(inputs.properties);
      if (properties.enablePurgeProtection === false)
        yield {
          input: 'properties.enablePurgeProtection',
          message: 'purge protection can be switched on or left out; false is refused',
        };
      const days = number(properties.softDeleteRetentionInDays);
      if (days !== undefined && (days < leastDays || days > mostDays))
        yield {
          input: 'properties.softDeleteRetentionInDays',
          message: `${days} days are outside the ${leastDays} to ${mostDays} for which a vault keeps what is deleted`,
        };
      const policies = items(properties.accessPolicies).length;
      if (policies > mostPolicies)
        yield {
          input: 'properties.accessPolicies',
          message: `${policies} access policies are too many: a vault takes ${mostPolicies}`,
        };
      for (const [index, rule] of items(object(properties.networkAcls).ipRules).entries()) {
        const range = text(object(rule).value);
        if (range !== undefined && isPrivate(range))
          yield {
            input: `properties.networkAcls.ipRules[${index}].value`,
            message: `"${range}" is private: a vault's firewall takes public ranges only`,
          };
      }
    },
  },
});
