import { definePolicy } from '../src/policy/policy.ts';
import { isPresent } from '../src/views.ts';

// What Pulumi adds to the logical name of a resource without a name of its own, unless a project sets it otherwise.
const added = 8;
const most = 24;

export default definePolicy({
  id: 'keyvault-name-overlong',
  title: 'a vault without a name of its own has room for what Pulumi adds to it',
  why: 'Azure refuses a name of more than 24 characters, after the cluster that the vault is for already exists',
  fix: 'set vaultName, or give the resource a name of at most 16 characters',
  source: 'https://www.pulumi.com/docs/iac/concepts/resources/names/#autonaming',
  example: {
    wrong: 'new Vault("perpetual-keyvault", { ... })',
    right: 'new Vault("perpetual-keyvault", { vaultName: "perpetual-keyvault", ... })',
  },
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: true,
  resource: {
    *'azure-native:keyvault:Vault'({ name, inputs }) {
      const length = name.length + added;
      if (!isPresent(inputs.vaultName) && length > most)
        yield {
          message: `the vault would be called "${name}" and ${added} more characters: ${length} of at most ${most}`,
        };
    },
  },
});
