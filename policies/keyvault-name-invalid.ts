import { definePolicy } from '../src/policy/policy.ts';
import { text } from '../src/views.ts';

export default definePolicy({
  id: 'keyvault-name-invalid',
  title: "a vault's name has 3 to 24 letters, digits and single hyphens",
  why: 'Azure refuses the vault, after the cluster it is for already exists',
  fix: 'set vaultName to 3 to 24 letters, digits and single hyphens, with a letter first and no hyphen last',
  source: 'https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftkeyvault',
  example: { wrong: 'vaultName: my_vault', right: 'vaultName: my-vault' },
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: false,
  resource: {
    *'azure-native:keyvault:Vault'({ inputs }) {
      const written = text(inputs.vaultName);
      if (written !== undefined && !/^(?!.*--)[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]$/.test(written))
        yield { input: 'vaultName', message: `"${written}" can't be the name of a vault` };
    },
  },
});
