import { definePolicy } from '../src/policy/policy.ts';
import { overlap } from '../src/policy/ranges.ts';
import { ofType } from '../src/policy/references.ts';
import { isPresent, items, object, referenceOf, text } from '../src/views.ts';

// What azure-native sends for a networkProfile that does not say it.
const sdkDefault = '10.0.0.0/16';

export default definePolicy({
  id: 'service-range-overlap',
  title: "the addresses of Services must not be those of the nodes' subnet",
  why: 'Azure refuses the cluster (ServiceCidrOverlapExistingSubnetsCidr), and the range can never be changed',
  fix: 'set networkProfile.serviceCidr and dnsServiceIP to a range outside the network, such as 172.16.0.0/16 and 172.16.0.10',
  source:
    'https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/error-codes/servicecidroverlapexistingsubnetscidr-error',
  example: {
    wrong: 'serviceCidr: 10.0.0.0/16 with a subnet of 10.0.1.0/24',
    right: 'serviceCidr: 172.16.0.0/16, dnsServiceIP: 172.16.0.10',
  },
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: false,
  *plan({ resources, resource }) {
    for (const { name, inputs } of ofType(resources, 'azure-native:containerservice:ManagedCluster')) {
      const profile = inputs.networkProfile;
      if (!isPresent(profile) || object(profile) !== profile) continue;
      const { serviceCidr } = object(profile);
      const services = isPresent(serviceCidr) ? (text(serviceCidr) ?? '') : sdkDefault;
      for (const pool of items(inputs.agentPoolProfiles)) {
        const subnet = resource(referenceOf(object(pool).vnetSubnetID) ?? '');
        const range = text(subnet?.inputs.addressPrefix) ?? '';
        if (!overlap(services, range)) continue;
        yield {
          resource: name,
          input: 'networkProfile.serviceCidr',
          message: `the range of Services ${services} overlaps the subnet ${range} of the nodes`,
          ...(!isPresent(serviceCidr) && { note: `${sdkDefault} is what the SDK fills in` }),
        };
        break;
      }
    }
  },
});
