import type { AgentPoolArgs, ManagedClusterArgs } from '@pulumi/azure-native/containerservice/index.js';
import { type VmSize, vmSize } from '../../../src/catalog/vm-sizes.ts';
import type { Resolved } from '../provider.ts';
import { checkSkew, checkVersion } from './cluster-version.ts';
import { badRequest, changeNotAllowed, invalidParameter } from './error.ts';
import { names } from './names.ts';
import { checkZones } from './public-ip.ts';
import { define } from './resource-type.ts';
import type { World } from './world.ts';

type Cluster = Resolved<ManagedClusterArgs>;
export type Pool = Omit<NonNullable<Cluster['agentPoolProfiles']>[number], 'name'> & { name?: string };

const poolType = 'azure-native:containerservice:AgentPool';

/** What a pool keeps for life: https://learn.microsoft.com/azure/aks/create-node-pools#limitations */
const fixedForLife = [
  'vmSize',
  'maxPods',
  'osDiskSizeGB',
  'osDiskType',
  'osType',
  'availabilityZones',
  'vnetSubnetID',
  'podSubnetID',
  'type',
  'scaleSetPriority',
  'spotMaxPrice',
  'gpuInstanceProfile',
  'enableFIPS',
  'enableEncryptionAtHost',
  'enableUltraSSD',
] as const;

export const agentPool = define<AgentPoolArgs>({
  path: '{group}/Microsoft.ContainerService/managedClusters/{resourceName}/agentPools/{agentPoolName}',
  name: names.agentPool,
  lowerCaseGroup: true,
  replaceOn: ['gpuInstanceProfile', 'vmSize'],
  fixed: fixedForLife,
  check({ world, id, name, inputs, before }) {
    const cluster = world.get(clusterIdOf(id));
    const { agentPoolProfiles = [], kubernetesVersion } = (cluster?.inputs ?? {}) as Cluster;
    checkPool(world, { ...inputs, name }, (cluster?.inputs ?? {}) as Cluster, before?.inputs);
    const others = world
      .below(clusterIdOf(id))
      .filter((held) => held.type === poolType && held.id.toLowerCase() !== id.toLowerCase());
    if (agentPoolProfiles.length + others.length >= 100)
      throw badRequest('MaxAgentPoolCountReached', 'A cluster has at most 100 agent pools.');
    if (inputs.orchestratorVersion && kubernetesVersion) checkSkew(inputs.orchestratorVersion, kubernetesVersion);
  },
  outputs: () => ({
    provisioningState: 'Succeeded',
    powerState: { code: 'Running' },
    currentOrchestratorVersion: '',
  }),
  deletable(world, held) {
    const { agentPoolProfiles = [] } = (world.get(clusterIdOf(held.id))?.inputs ?? {}) as Cluster;
    const systems = [
      ...agentPoolProfiles,
      ...world.below(clusterIdOf(held.id)).map(({ inputs }) => inputs as Pool),
    ].filter(isSystem);
    if (isSystem(held.inputs as Pool) && systems.length === 1)
      throw badRequest('MustDefineAtLeastOneSystemPool', 'Must define at least one system pool.');
  },
});

const clusterIdOf = (poolId: string): string => poolId.slice(0, poolId.search(/\/agentPools\//i));
const isSystem = (pool: { mode?: string }): boolean => pool.mode?.toLowerCase() === 'system';

/** https://learn.microsoft.com/azure/aks/use-system-pools; the code is that of https://github.com/Azure/AKS/issues/1568 */
export function checkPools(pools: readonly Pool[]): void {
  if (!pools.some(isSystem))
    throw badRequest('MustDefineAtLeastOneSystemPool', 'Must define at least one system pool.');
  const twice = pools.find((pool, index) => pools.findIndex((other) => other.name === pool.name) < index);
  if (twice) throw invalidParameter('agentPoolProfile.name', `The agent pool name '${twice.name}' is used twice.`);
}

export function checkPool(world: World, pool: Pool, cluster: Cluster, before?: Pool): void {
  const name = pool.name ?? '';
  if (!names.agentPool.pattern.test(name)) throw names.agentPool.refuse(name);
  if (pool.osType?.toLowerCase() === 'windows' && name.length > 6)
    throw badRequest('WindowsAgentPoolNameTooLong', `The Windows agent pool name '${name}' exceeds 6 characters.`);
  if (pool.type?.toLowerCase() === 'availabilityset')
    throw invalidParameter(
      'agentPoolProfile.type',
      'Availability sets are not supported any more; use VirtualMachineScaleSets.',
    );
  checkSize(pool, before ? '' : world.account.today);
  checkCounts(pool);
  checkPodsAndDisk(pool);
  checkSpot(pool);
  checkZones(`agentPoolProfile ${name}`, pool.availabilityZones, cluster.location);
  if (pool.orchestratorVersion) {
    checkVersion(world.account.today, pool.orchestratorVersion, cluster, before?.orchestratorVersion);
    if (cluster.kubernetesVersion) checkSkew(pool.orchestratorVersion, cluster.kubernetesVersion);
  }
}

/** https://learn.microsoft.com/azure/aks/quotas-skus-regions: 2 vCPU and 4 GiB for system pools, 2 and 2 for others. */
function checkSize(pool: Pool, today: string): void {
  const size = vmSize(pool.vmSize ?? 'Standard_DS2_v2');
  if (!size || (size.retires !== null && size.retires <= today))
    throw badRequest('BadRequest', `The VM size of ${pool.vmSize} is not allowed in your subscription.`);
  if (isSystem(pool) && (size.vcpuAvailable < 2 || size.memoryGiB < 4)) {
    throw badRequest(
      'SystemPoolSkuTooLow',
      `System node pool must use VM sku with more than 2 cores and 4GB memory. Nodepool name: ${pool.name}.`,
    );
  }
  if (isSystem(pool) && pool.osType?.toLowerCase() === 'windows')
    throw invalidParameter('agentPoolProfile.osType', 'A system pool runs Linux.');
  if (size.aksRestricted || size.vcpuAvailable < 2 || size.memoryGiB < 2) {
    throw badRequest(
      'VMSizeRestrictedByAKS',
      `The VM size ${pool.vmSize} is restricted by AKS. Nodepool name: ${pool.name}.`,
    );
  }
  checkEphemeralDisk(pool, size);
}

function checkEphemeralDisk(pool: Pool, size: VmSize): void {
  if (pool.osDiskType?.toLowerCase() !== 'ephemeral') return;
  const room = size.tempDiskGiB;
  if (size.ephemeralOsDisk === false || (room !== null && (pool.osDiskSizeGB ?? 0) > room)) {
    throw invalidParameter(
      'agentPoolProfile.osDiskType',
      `The virtual machine size ${size.name} has ${room ?? 0} GB for an ephemeral OS disk; ${pool.osDiskSizeGB ?? 128} GB are requested.`,
    );
  }
}

/** https://learn.microsoft.com/azure/aks/cluster-autoscaler */
function checkCounts(pool: Pool): void {
  const least = isSystem(pool) ? 1 : 0;
  const { count, minCount, maxCount } = pool;
  const scaling = pool.enableAutoScaling ?? false;
  if (!scaling && (minCount !== undefined || maxCount !== undefined))
    throw badRequest('AutoScalingNotEnabled', `minCount and maxCount of pool ${pool.name} need enableAutoScaling.`);
  if (scaling && (minCount === undefined || maxCount === undefined || minCount < least || minCount > maxCount)) {
    throw invalidParameter(
      'agentPoolProfile.minCount',
      `minCount (${minCount}) must be at least ${least} and at most maxCount (${maxCount}).`,
    );
  }
  const [low, high] = scaling ? [minCount ?? least, maxCount ?? 1000] : [least, 1000];
  if (count !== undefined && (!Number.isInteger(count) || count < low || count > Math.min(high, 1000))) {
    throw invalidParameter(
      'agentPoolProfile.count',
      `agentPoolProfile.count was ${count}. It must be greater or equal to minCount:${low} and less than or equal to maxCount:${high}.`,
    );
  }
}

/** https://learn.microsoft.com/azure/aks/concepts-network-ip-address-planning#maximum-pods-per-node */
function checkPodsAndDisk(pool: Pool): void {
  const { maxPods, osDiskSizeGB: disk } = pool;
  if (maxPods !== undefined) {
    if (!Number.isInteger(maxPods) || maxPods < 10 || maxPods > 250)
      throw invalidParameter('agentPoolProfile.maxPods', `maxPods is ${maxPods}; it must be between 10 and 250.`);
    const nodes = pool.enableAutoScaling ? (pool.minCount ?? 1) : (pool.count ?? 1);
    if (nodes > 0 && maxPods * nodes < 30) {
      throw badRequest(
        'InsufficientMaxPods',
        `The agent pool ${pool.name} has room for ${maxPods * nodes} pods (maxPods per node * node count); it should have room for at least 30.`,
      );
    }
  }
  if (disk !== undefined && disk !== 0 && (!Number.isInteger(disk) || disk < 30 || disk > 2048)) {
    throw invalidParameter(
      'agentPoolProfile.osDiskSizeGB',
      `osDiskSizeGB is ${disk}; it must be 0, or between 30 and 2048.`,
    );
  }
  const surge = pool.upgradeSettings?.maxSurge;
  if (surge !== undefined && !/^([1-9]\d*|0|([1-9]\d?|100)%)$/.test(surge))
    throw invalidParameter(
      'agentPoolProfile.upgradeSettings.maxSurge',
      `'${surge}' is neither a number nor a percentage.`,
    );
  const drain = pool.upgradeSettings?.drainTimeoutInMinutes;
  if (drain !== undefined && (drain < 1 || drain > 1440))
    throw invalidParameter(
      'agentPoolProfile.upgradeSettings.drainTimeoutInMinutes',
      `${drain} is not between 1 and 1440.`,
    );
  if (surge === '0' && !Number.parseInt(pool.upgradeSettings?.maxUnavailable ?? '0', 10))
    throw invalidParameter(
      'agentPoolProfile.upgradeSettings.maxSurge',
      'maxSurge and maxUnavailable cannot both be 0.',
    );
}

/** https://learn.microsoft.com/azure/aks/spot-node-pool */
function checkSpot(pool: Pool): void {
  const isSpot = pool.scaleSetPriority?.toLowerCase() === 'spot';
  if (isSpot && isSystem(pool))
    throw badRequest('MustNotBeTheSystemPool', `The Spot pool ${pool.name} cannot be a system pool.`);
  const price = pool.spotMaxPrice;
  if (isSpot && price !== undefined && price !== -1 && price <= 0)
    throw invalidParameter('agentPoolProfile.spotMaxPrice', `${price} is neither -1 nor a price.`);
}

/** Inline pools may be added and scaled; the rest of what they are is fixed, and AKS says so only now. */
export function checkPoolChanges(before: readonly Pool[], after: readonly Pool[]): void {
  for (const old of before) {
    const pool = after.find((other) => other.name === old.name);
    if (!pool)
      throw badRequest(
        'InvalidParameter',
        `The agent pool '${old.name}' cannot be removed through the cluster; delete it through the agent pool API.`,
      );
    const changed = fixedForLife.find((key) => JSON.stringify(old[key]) !== JSON.stringify(pool[key]));
    if (changed) throw changeNotAllowed(`agentPoolProfile.${changed}`);
  }
}
