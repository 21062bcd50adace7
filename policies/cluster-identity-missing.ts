import { definePolicy } from '../src/policy/policy.ts';
import { isPresent } from '../src/views.ts';

export default definePolicy({
  id: 'cluster-identity-missing',
  title: 'a cluster needs an identity to act with',
  why: 'Azure refuses the cluster: "required parameter servicePrincipalProfile is missing"; disks, addresses and the subnet are attached in its name',
  fix: 'set identity: { type: UserAssigned } with an identity that holds its rights before the cluster exists, or SystemAssigned',
  source: 'https://github.com/Azure/AKS/issues/4528',
  example: { wrong: '{ dnsPrefix: perpetual }', right: '{ dnsPrefix: perpetual, identity: { type: SystemAssigned } }' },
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: true,
  resource: {
    *'azure-native:containerservice:ManagedCluster'({ inputs }) {
      if (!isPresent(inputs.identity) && !isPresent(inputs.servicePrincipalProfile))
        yield { input: 'identity', message: 'the cluster has no identity' };
    },
  },
});
