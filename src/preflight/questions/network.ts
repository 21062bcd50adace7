import { ofType } from '../../policy/references.ts';
import { isPresent, object, text } from '../../views.ts';
import { type Found, type Place, type Question, same, whenAnswered } from '../question.ts';
import type { Usage } from './machines.ts';

const addressType = 'azure-native:network:PublicIPAddress';
const disks: Readonly<Record<string, string>> = {
  Premium_LRS: 'PremiumDiskCount',
  StandardSSD_LRS: 'StandardSSDDiskCount',
  Standard_LRS: 'StandardDiskCount',
};

/** Is there quota for the addresses? AKS makes one of its own for what goes out. */
export const addresses: Question = async ({ arm, scope, region, resources, existing }) => {
  if (existing.listed.is === 'unknown' || existing.cluster.is === 'unknown') return [];
  const [cluster] = ofType(resources, 'azure-native:containerservice:ManagedCluster');
  const wanted = ofType(resources, addressType).filter(
    ({ inputs }) => !existing.has('Microsoft.Network/publicIPAddresses', text(inputs.publicIpAddressName) ?? ''),
  );
  const profile = object(object(cluster?.inputs.networkProfile).loadBalancerProfile);
  const makesOwn = cluster && !isPresent(profile.outboundIPs) && existing.cluster.is !== 'there' ? 1 : 0;
  const place = wanted[0] ? { resource: wanted[0].name } : { resource: cluster?.name ?? 'azure' };
  // https://learn.microsoft.com/rest/api/virtualnetwork/usages/list
  const path = `${scope}/providers/Microsoft.Network/locations/${region}/usages`;
  return whenAnswered(
    'the quota of public addresses',
    place,
    await arm.list<Usage>(path, '2024-05-01'),
    (usages = []) =>
      ['IPv4StandardSkuPublicIpAddresses', 'PublicIPAddresses'].flatMap((quota) =>
        over(usages, quota, wanted.length + makesOwn, place, 'public addresses'),
      ),
  );
};

/** And for the data disk? */
export const dataDisks: Question = async ({ arm, scope, region, resources, existing }) => {
  if (existing.listed.is === 'unknown') return [];
  const [disk] = ofType(resources, 'azure-native:compute:Disk').filter(
    ({ inputs }) => !existing.has('Microsoft.Compute/disks', text(inputs.diskName) ?? ''),
  );
  const quota = disks[text(object(disk?.inputs.sku).name) ?? ''];
  if (!disk || quota === undefined) return [];
  const place = { resource: disk.name, input: 'sku.name' };
  const path = `${scope}/providers/Microsoft.Compute/locations/${region}/usages`;
  return whenAnswered('the quota of disks', place, await arm.list<Usage>(path, '2024-07-01'), (usages = []) =>
    over(usages, quota, 1, place, 'disks of that kind'),
  );
};

function over(usages: readonly Usage[], name: string, wanted: number, place: Place, what: string): Found[] {
  const usage = usages.find((each) => same(each.name.value, name));
  if (!usage || wanted <= usage.limit - usage.currentValue) return [];
  return [
    {
      code: 'preflight/quota-exceeded',
      severity: 'error',
      place,
      message: `${wanted} more ${what} are needed, and the quota has ${Math.max(usage.limit - usage.currentValue, 0)} left`,
      note: `${usage.currentValue} of ${usage.limit} are used`,
      help: 'ask for more in the portal under "Quotas"',
    },
  ];
}
