import { providerInputs } from '../src/catalog/provider-inputs.ts';
import { definePolicy } from '../src/policy/policy.ts';
import { currentType, ofProviderTypes } from '../src/policy/provider-types.ts';

export default definePolicy({
  id: 'input-misshapen',
  title: 'a list must be a list and a mapping a mapping',
  why: 'Azure can not read the input and refuses the resource',
  fix: "write it in the shape that the SDK's declaration of the type has",
  source: 'https://www.pulumi.com/registry/packages/azure-native/api-docs/',
  example: { wrong: 'securityRules: { name: swarm }', right: 'securityRules: [{ name: swarm }]' },
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: false,
  resource: ofProviderTypes(function* ({ type, inputs }) {
    const { all, lists } = providerInputs(currentType(type));
    for (const [input, value] of Object.entries(inputs)) {
      if (!all.has(input)) continue;
      if (Array.isArray(value) && !lists.has(input))
        yield { input, message: `"${input}" is a list where Azure takes a single value or a mapping` };
      else if (lists.has(input) && ['string', 'number', 'boolean'].includes(typeof value))
        yield { input, message: `"${input}" is a single value where Azure takes a list` };
    }
  }),
});
