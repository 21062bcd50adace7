import { meetsSystemMinimum, meetsUserMinimum } from '../catalog/choose-size.ts';
import {
  kubernetesStatus,
  kubernetesVersion as kubernetesVersionNamed,
  kubernetesVersions,
} from '../catalog/kubernetes-versions.ts';
import { daysBetween, skuRetires } from '../catalog/sku-rules.ts';
import type { VmSize } from '../catalog/vm-sizes.ts';
import type { Resource } from '../plan.ts';
import { isPresent, object, text } from '../views.ts';
import { machinesIn, noLessThan, offerSize, sizedPools } from './node-pools.ts';
import type { Finding, PolicyContext } from './policy.ts';

/** Something of a resource that Azure ends. */
export type Ending = {
  what: string;
  input: string;
  /** `YYYY-MM-DD`; undefined when no day is announced. */
  retires: string | undefined;
  /** Since this day only subscriptions that have it get more of it. */
  closedSince?: string;
  offer: Pick<Finding, 'help' | 'suggestion'>;
};

type Find = (resource: Resource, context: PolicyContext) => Iterable<Ending>;

const ofPools: Find = function* (resource, context) {
  for (const { size, written, input, isSystem } of sizedPools(resource)) {
    if (size.retires === null) continue;
    // Refused for such a pool: it has to go anyway, and that is said.
    if (isSystem ? size.burstable || !meetsSystemMinimum(size) : !meetsUserMinimum(size)) continue;
    yield endingOf(size, written, input, resource, context);
  }
};

const endingOf = (
  { name, retires, noNewSubscriptionsFrom: closedSince, ...size }: VmSize,
  written: string,
  input: string,
  resource: Resource,
  context: PolicyContext,
): Ending => ({
  what: `"${written}"`,
  input,
  retires: retires ?? undefined,
  ...(closedSince !== null && { closedSince }),
  offer: offerSize(name, resource, context, noLessThan(size)),
});

const ofMachines: Find = function* (resource, context) {
  for (const { size, written, input } of machinesIn(resource)) {
    if (size?.retires) yield endingOf(size, written, input, resource, context);
  }
};

const ofCluster: Find = function* (resource, context) {
  yield* ofPools(resource, context);
  yield* ofVersion(resource, context);
  if (text(object(resource.inputs.networkProfile).loadBalancerSku)?.toLowerCase() === 'basic')
    yield {
      what: 'the load balancer of the tier Basic',
      input: 'networkProfile.loadBalancerSku',
      retires: skuRetires('loadBalancer.Basic'),
      offer: { help: 'write standard; it is fixed once the cluster exists' },
    };
};

/** The end of support, that of the tier Premium a year later; once it is over, kubernetes-version-unsupported says so. */
const ofVersion: Find = function* ({ inputs: { kubernetesVersion, sku } }, { today }) {
  const facts = kubernetesVersionNamed(text(kubernetesVersion) ?? '');
  const tier = text(object(sku).tier);
  const isPremium = tier?.toLowerCase() === 'premium';
  // What may have long-term support has longer.
  const mayBeLongTerm =
    isPresent(sku) && (object(sku) !== sku || (isPresent(object(sku).tier) && !/^(free|standard)$/i.test(tier ?? '')));
  const status = facts && kubernetesStatus(facts.minor, today);
  const next = kubernetesVersions().find(
    ({ minor, communityEol }) =>
      communityEol > (facts?.communityEol ?? '') && kubernetesStatus(minor, today) === 'supported',
  );
  if (facts && (status === 'supported' || (status === 'lts-only' && isPremium)) && (isPremium || !mayBeLongTerm))
    yield {
      what: `Kubernetes ${facts.minor}`,
      input: 'kubernetesVersion',
      // The day after the last one of support.
      retires: new Date(Date.parse(isPremium ? facts.ltsEol : facts.communityEol) + day).toISOString().slice(0, 10),
      offer: {
        help: 'go to the next minor version: no new cluster or pool can be made with this one after that day',
        ...(next && { suggestion: { value: next.minor, safe: false } }),
      },
    };
};

const ofBasic = (id: string, what: string): Find =>
  function* ({ inputs }) {
    // What is made without a word depends on the version of the API.
    if (text(object(inputs.sku).name)?.toLowerCase() === 'basic')
      yield {
        what: `${what} of the tier Basic`,
        input: 'sku.name',
        retires: skuRetires(id),
        offer: { help: 'write Standard, and for an address publicIPAllocationMethod: Static' },
      };
  };

const ofStorage: Find = function* ({ inputs }) {
  const kind = { storage: 'Storage', blobstorage: 'BlobStorage' }[text(inputs.kind)?.toLowerCase() ?? ''];
  if (kind !== undefined)
    yield {
      what: `a storage account of the kind "${text(inputs.kind)}"`,
      input: 'kind',
      retires: skuRetires(`storage.${kind}`),
      offer: { help: 'write StorageV2: it holds the same and more' },
    };
};

const finders: Readonly<Record<string, Find>> = {
  'azure-native:compute:VirtualMachine': ofMachines,
  'azure-native:compute:VirtualMachineScaleSet': ofMachines,
  'azure-native:containerservice:ManagedCluster': ofCluster,
  'azure-native:containerservice:AgentPool': ofPools,
  'azure-native:network:PublicIPAddress': ofBasic('publicIp.Basic', 'a public address'),
  'azure-native:network:LoadBalancer': ofBasic('loadBalancer.Basic', 'a load balancer'),
  'azure-native:storage:StorageAccount': ofStorage,
};

/** The same judgement of everything that Azure ends. */
export const ofEndings = (
  judge: (ending: Ending, context: PolicyContext) => Iterable<Finding>,
): Record<string, (resource: Resource, context: PolicyContext) => Finding[]> =>
  Object.fromEntries(
    Object.entries(finders).map(([type, find]) => [
      type,
      (resource: Resource, context: PolicyContext) =>
        [...find(resource, context)].flatMap((ending) => [...judge(ending, context)]),
    ]),
  );

const day = 24 * 60 * 60 * 1000;

/** Days until it ends; negative once it has. */
export const daysLeft = ({ retires }: Ending, today: string): number =>
  retires === undefined ? Number.POSITIVE_INFINITY : daysBetween(today, retires);
