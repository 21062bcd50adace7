import { providerInputs } from '../src/catalog/provider-inputs.ts';
import { definePolicy } from '../src/policy/policy.ts';
import { currentType, ofProviderTypes } from '../src/policy/provider-types.ts';

export default definePolicy({
  id: 'input-misshapen',
  title: 'a list must be a list and a mapping a mapping',
  why: 'Azure can not read the input and refuses the resource',
  fix: "write it in the shape that the SDK's declaration of the type has",
  source: 'https://www.pulumi.com/registry/packages/azure-native/api-docs/',
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: false,
  resource: ofProviderTypes(function* ({ type, inputs }) {
    for (const { name, list } of providerInputs(currentType(type))) {
      if (Array.isArray(inputs[name]) && !list)
        yield { input: name, message: `"${name}" is a list where Azure takes a single value or a mapping` };
      else if (list && ['string', 'number', 'boolean'].includes(typeof inputs[name]))
        yield { input: name, message: `"${name}" is a single value where Azure takes a list` };
    }
  }),
});
