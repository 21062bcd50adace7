import { definePolicy } from '../src/policy/policy.ts';
import { isPresent, text } from '../src/views.ts';

// What Pulumi adds to the logical name of a resource without a name of its own.
const added = 8;

export default definePolicy({
  id: 'keyvault-name-invalid',
  title: "a vault's name has 3 to 24 letters, digits and single hyphens",
  why: 'Azure refuses the vault, after the cluster it is for already exists',
  fix: 'set vaultName, or give the resource a name of at most 16 characters',
  source: 'https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftkeyvault',
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: true,
  resource: {
    *'azure-native:keyvault:Vault'({ name, inputs }) {
      const written = text(inputs.vaultName);
      if (written === undefined && isPresent(inputs.vaultName)) return;
      if (written === undefined) {
        if (name.length + added > 24)
          yield {
            message: `the vault would be called "${name}" and ${added} more characters: ${name.length + added} of at most 24`,
          };
      } else if (!/^(?!.*--)[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]$/.test(written))
        yield { input: 'vaultName', message: `"${written}" can't be the name of a vault` };
    },
  },
});
