import { cheapestSize, cheapestSystemSize } from '../catalog/choose-size.ts';
import { linuxVm } from '../catalog/prices.ts';
import { type VmSize, vmSize } from '../catalog/vm-sizes.ts';
import { hoursPerMonth } from '../cost/item.ts';
import type { Resource } from '../plan.ts';
import { items, object, text } from '../views.ts';
import type { Finding, PolicyContext } from './policy.ts';
import { currentType } from './provider-types.ts';
import { ofType } from './references.ts';

const clusterType = 'azure-native:containerservice:ManagedCluster';
const poolType = 'azure-native:containerservice:AgentPool';

/** A pool that a cluster or an agent pool declares, with the path of its inputs. */
export type Pool = { inputs: Record<string, unknown>; at: string; isSystem: boolean };

export const poolsOf = ({ type, inputs }: Resource): Pool[] =>
  (currentType(type) === poolType
    ? [{ inputs, at: '' }]
    : items(inputs.agentPoolProfiles).map((each, index) => ({
        inputs: object(each),
        at: `agentPoolProfiles[${index}].`,
      }))
  ).map((pool) => ({ ...pool, isSystem: text(pool.inputs.mode)?.toLowerCase() === 'system' }));

/** A pool whose size the catalog knows, with the size as it was written and the input that says it. */
export type SizedPool = Pool & { size: VmSize; written: string; input: string };

export const sizedPools = (resource: Resource): SizedPool[] =>
  poolsOf(resource).flatMap((pool) =>
    machineOf(pool.inputs.vmSize, `${pool.at}vmSize`).flatMap(({ size, ...machine }) =>
      size ? [{ ...pool, ...machine, size }] : [],
    ),
  );

/** A machine or a set of them that is no node of AKS. */
const machineTypes = ['azure-native:compute:VirtualMachine', 'azure-native:compute:VirtualMachineScaleSet'];

/** A machine's size as it is written, with what the catalog knows of it. */
export type Machine = { size: VmSize | undefined; written: string; input: string };

/** The size of a virtual machine or of a scale set. */
export const machinesIn = ({ inputs: { hardwareProfile, sku } }: Resource): Machine[] => [
  ...machineOf(object(hardwareProfile).vmSize, 'hardwareProfile.vmSize'),
  ...machineOf(object(sku).name, 'sku.name'),
];

function machineOf(value: unknown, input: string): Machine[] {
  const written = text(value);
  return written === undefined ? [] : [{ size: vmSize(written), written, input }];
}

/** Every machine of the program whose size is written, whether AKS makes it or not. */
export const machinesOf = (resources: readonly Resource[]): (Machine & { resource: Resource })[] => [
  ...poolResources(resources).flatMap((resource) =>
    poolsOf(resource).flatMap(({ inputs, at }) =>
      machineOf(inputs.vmSize, `${at}vmSize`).map((machine) => ({ resource, ...machine })),
    ),
  ),
  ...ofType(resources, ...machineTypes).flatMap((resource) =>
    machinesIn(resource).map((machine) => ({ resource, ...machine })),
  ),
];

type Judge<P extends Pool> = (pool: P, resource: Resource, context: PolicyContext) => Iterable<Finding>;
type Judges = Record<string, (resource: Resource, context: PolicyContext) => Finding[]>;

/** The same judgement for every pool, in whichever resource it is declared. */
export const ofPools = (judge: Judge<Pool>): Judges => ofEach(poolsOf, judge);

/** And for every pool of a known size. */
export const ofSizedPools = (judge: Judge<SizedPool>): Judges => ofEach(sizedPools, judge);

function ofEach<P extends Pool>(pools: (resource: Resource) => P[], judge: Judge<P>): Judges {
  const judgeAll = (resource: Resource, context: PolicyContext): Finding[] =>
    pools(resource).flatMap((pool) => [...judge(pool, resource, context)]);
  return { [clusterType]: judgeAll, [poolType]: judgeAll };
}

/** The cheapest size that would do in the region, with its price and the difference to the present one. */
export function offerSize(
  name: string,
  resource: Resource,
  { regionOf }: PolicyContext,
  fits?: (size: VmSize, usdPerMonth: number) => boolean,
): Pick<Finding, 'help' | 'suggestion'> {
  const region = regionOf(resource);
  if (region === undefined) return {};
  const better = fits
    ? cheapestSize(region, (size, usd) => fits(size, usd * hoursPerMonth))
    : cheapestSystemSize(region);
  if (!better) return {};
  const now = linuxVm(region, name)?.usd;
  const difference = now === undefined ? '' : ` (${signed((better.usdPerHour - now) * hoursPerMonth)})`;
  return {
    help: `${better.name}, ${(better.usdPerHour * hoursPerMonth).toFixed(2)} USD/month${difference}`,
    suggestion: { value: better.name, safe: false },
  };
}

/** Fits whoever has no less than a size of today. */
export const noLessThan =
  ({ vcpuAvailable, memoryGiB }: Pick<VmSize, 'vcpuAvailable' | 'memoryGiB'>) =>
  (other: VmSize): boolean =>
    other.vcpu >= vcpuAvailable && other.memoryGiB >= memoryGiB;

const signed = (usd: number): string => `${usd < 0 ? '-' : '+'}${Math.abs(usd).toFixed(2)}`;

/** What every pool of the program says of itself, inside its cluster or beside it. */
export const poolInputs = (resources: readonly Resource[]): Record<string, unknown>[] =>
  poolResources(resources).flatMap((resource) => poolsOf(resource).map(({ inputs }) => inputs));

/** The resources that declare pools. */
export const poolResources = (resources: readonly Resource[]): readonly Resource[] =>
  ofType(resources, clusterType, poolType);
