import { providerInputs } from '../src/catalog/provider-inputs.ts';
import { definePolicy } from '../src/policy/policy.ts';
import { currentType, ofProviderTypes } from '../src/policy/provider-types.ts';
import { isPresent, items, object } from '../src/views.ts';

export default definePolicy({
  id: 'input-missing',
  title: 'what azure-native requires of a resource must be there',
  why: 'the SDK or Azure refuses the resource, some of them minutes into the deployment',
  fix: "write it; the SDK's declaration of the type says what it takes",
  source: 'https://www.pulumi.com/registry/packages/azure-native/api-docs/',
  example: {
    wrong: 'accessPolicies: [{ tenantId: ..., objectId: ... }]',
    right: 'accessPolicies: [{ tenantId: ..., objectId: ..., permissions: { secrets: [get] } }]',
  },
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: false,
  resource: ofProviderTypes(function* ({ type, inputs }) {
    const missing = providerInputs(currentType(type)).required.filter((name) => !isPresent(inputs[name]));
    if (missing.length > 0) yield { message: `the ${type.split(':').at(-1)} has no ${listed(missing)}` };
    for (const [index, policy] of items(object(inputs.properties).accessPolicies).entries()) {
      if (object(policy) === policy && !isPresent(object(policy).permissions))
        yield {
          input: `properties.accessPolicies[${index}].permissions`,
          message: 'the access policy has no permissions',
        };
    }
  }),
});

const listed = (names: readonly string[]): string => names.join(', ').replace(/, ([^,]+)$/, ' and $1');
