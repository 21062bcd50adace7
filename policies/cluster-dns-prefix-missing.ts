import { definePolicy } from '../src/policy/policy.ts';
import { isPresent } from '../src/views.ts';

export default definePolicy({
  id: 'cluster-dns-prefix-missing',
  title: 'a cluster needs a dnsPrefix, although the SDK does without',
  why: 'Azure refuses the cluster: "dnsPrefix must contain between 1 and 54 characters"; it can\'t be changed later',
  fix: 'set dnsPrefix to letters, digits and hyphens, at most 54 characters',
  source: 'https://github.com/pulumi/pulumi-azure-native/issues/571',
  example: { wrong: '{ resourceGroupName: rg }', right: '{ resourceGroupName: rg, dnsPrefix: perpetual }' },
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: true,
  resource: {
    *'azure-native:containerservice:ManagedCluster'({ inputs }) {
      if (!isPresent(inputs.dnsPrefix) && !isPresent(inputs.fqdnSubdomain))
        yield { input: 'dnsPrefix', message: 'the cluster has no dnsPrefix' };
    },
  },
});
