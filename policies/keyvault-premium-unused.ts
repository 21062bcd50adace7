import { definePolicy } from '../src/policy/policy.ts';
import { ofType } from '../src/policy/references.ts';
import { vaultsNamed, vaultsOf } from '../src/policy/scopes.ts';
import { object, text } from '../src/views.ts';

export default definePolicy({
  id: 'keyvault-premium-unused',
  title: 'a vault without keys in hardware does as well in the tier standard',
  why: 'premium adds keys that are kept in hardware and costs more for them; secrets are the same in both tiers',
  fix: 'write standard; a vault can be moved to premium later',
  source: 'https://learn.microsoft.com/azure/key-vault/general/overview',
  example: { wrong: 'vault: { sku: premium }', right: 'vault: { sku: standard }' },
  levels: { production: 'advisory', development: 'advisory' },
  advice: true,
  waivable: true,
  *plan({ resources }) {
    for (const vault of vaultsOf(resources)) {
      const tier = text(object(object(vault.inputs.properties).sku).name);
      if (tier?.toLowerCase() !== 'premium') continue;
      const keys = ofType(resources, 'azure-native:keyvault:Key').filter(({ inputs }) =>
        vaultsNamed(inputs.vaultName, resources).includes(vault),
      );
      // A kind that is not known may be one in hardware.
      if (keys.some(({ inputs }) => !/^(rsa|ec|oct)$/i.test(text(object(inputs.properties).kty) ?? ''))) continue;
      yield {
        resource: vault.name,
        input: 'properties.sku.name',
        message: 'nothing here keeps a key in hardware, which is what the tier "premium" is for',
        suggestion: { value: 'standard', safe: false },
      };
    }
  },
});
