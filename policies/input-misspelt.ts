import { providerInputs } from '../src/catalog/provider-inputs.ts';
import { definePolicy } from '../src/policy/policy.ts';
import { currentType, ofProviderTypes } from '../src/policy/provider-types.ts';

export default definePolicy({
  id: 'input-misspelt',
  title: 'an input must be spelt as azure-native spells it',
  why: 'upper and lower case count, and the SDK passes over what it does not know: the resource is made without it',
  fix: "write it as the SDK's declaration of the type does",
  source: 'https://www.pulumi.com/registry/packages/azure-native/api-docs/',
  example: { wrong: 'diskSizeGb: 8', right: 'diskSizeGB: 8' },
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: false,
  resource: ofProviderTypes(function* ({ type, inputs }) {
    const { all } = providerInputs(currentType(type));
    for (const input of Object.keys(inputs)) {
      if (all.has(input)) continue;
      // Another word may be an input of a version we don't know; another case is none.
      const meant = [...all].find((name) => name.toLowerCase() === input.toLowerCase());
      if (meant !== undefined) yield { input, message: `"${input}" is spelt "${meant}" and is passed over like this` };
    }
  }),
});
