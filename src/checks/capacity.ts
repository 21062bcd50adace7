import { allocatable } from '../catalog/aks-allocatable.ts';
import { aksRules } from '../catalog/aks-rules.ts';
import { cheapestSize, meetsSystemMinimum } from '../catalog/choose-size.ts';
import { vmSize } from '../catalog/vm-sizes.ts';
import { type Mend, writing } from '../edit/mend.ts';
import { clusterRanges, sizeOf, subnetOf } from '../resources/address-plan.ts';
import { endpointNames, hasProxy, reachOf } from '../resources/exposure.ts';
import { footprintOf, isAlone } from '../resources/footprint.ts';
import type { Spec } from '../spec/schema.ts';
import { type Check, each } from './check.ts';

/** Above what the machine has left for pods, the pod stays Pending for ever: aks/node-resource-reservations. */
export const podFitsNode: Check = function* (spec) {
  const { nodePool, kubernetesVersion } = spec.cluster;
  const { resources } = spec.node;
  const size = vmSize(nodePool.vmSize);
  if (!size) return;
  const left = allocatable(size, nodePool.maxPods, kubernetesVersion);
  const { pod, beside } = footprintOf(spec);
  const related = { path: 'cluster.nodePool.vmSize', message: 'the size of the node' };
  const withBeside = (amount: number, unit: string): string =>
    amount > 0 ? ` with the ${amount}${unit} of what runs beside it` : '';
  if (pod.memoryMiB > left.memoryMiB) {
    yield {
      code: 'spec/does-not-fit',
      path: 'node.resources.memory',
      message: `"${resources.memory}"${withBeside(beside.memoryMiB, ' MiB')} does not fit a node with ${left.memoryMiB} MiB left for pods`,
      note: `${size.memoryGiB * 1024} MiB - ${left.reservedMiB} for Kubernetes at ${nodePool.maxPods} pods - ${left.evictionMiB} that stay free = ${left.memoryMiB}`,
      related,
      mends: ofLargerSize(spec),
    };
  } else {
    const { memoryMiB: own, seenOn } = aksRules().ownPods;
    const free = left.memoryMiB - pod.memoryMiB;
    // On several machines most of the cluster's own pods are elsewhere.
    if (free < own && meetsSystemMinimum(size) && isAlone(spec) && spec.cluster.pools.length === 0)
      yield {
        code: 'plan/tight-node',
        severity: 'info',
        path: 'node.resources.memory',
        message: `${free} MiB are left for the cluster's own pods, which were seen to ask for some ${own}`,
        note: `${left.memoryMiB} MiB for pods - ${pod.memoryMiB} = ${free}`,
        help: `no document says how much they take: ${own} MiB was measured on ${seenOn}`,
        related,
      };
  }
  if (pod.cpuMillicores > left.cpuMillicores) {
    yield {
      code: 'spec/does-not-fit',
      path: 'node.resources.cpu',
      message: `"${resources.cpu}"${withBeside(beside.cpuMillicores, 'm')} does not fit a node with ${left.cpuMillicores}m left for pods`,
      note: `${size.vcpuAvailable * 1000}m - ${size.vcpuAvailable * 1000 - left.cpuMillicores}m for Kubernetes = ${left.cpuMillicores}m`,
      related,
      mends: ofLargerSize(spec),
    };
  }
};

/** The cheapest machine of the region that bears the pod, its neighbours and the cluster's own pods. */
function ofLargerSize(spec: Spec): Mend[] {
  const { nodePool, kubernetesVersion } = spec.cluster;
  const { pod } = footprintOf(spec);
  const better = cheapestSize(spec.azure.region, (size) => {
    const { memoryMiB, cpuMillicores } = allocatable(size, nodePool.maxPods, kubernetesVersion);
    return memoryMiB >= pod.memoryMiB + aksRules().ownPods.memoryMiB && cpuMillicores >= pod.cpuMillicores;
  });
  return better ? [writing('cluster.nodePool.vmSize', better.name)] : [];
}

/** Each volume takes a place for a data disk: the repository, and the certificates of the proxy where that is on the same machine. */
export const disksFitNode: Check = function* (spec) {
  const path = 'cluster.nodePool.vmSize';
  const size = vmSize(spec.cluster.nodePool.vmSize);
  if (!size) return;
  const proxy = hasProxy(spec) && isAlone(spec) ? 1 : 0;
  if (size.maxDataDisks >= 1 + proxy) return;
  yield {
    code: 'spec/does-not-fit',
    path,
    message: `"${size.name}" takes ${size.maxDataDisks} data disks, and the pods on it have ${1 + proxy}`,
    ...(proxy > 0 && {
      related: { path: 'network.expose.gateway.host', message: 'its certificate is on a disk of its own' },
    }),
  };
};

/** The nodes there can be at once: as many as the autoscaler may make, and one more for each pool during an upgrade. */
function mostNodes({ cluster }: Spec): number {
  let nodes = 0;
  const add = ({ autoscale, count }: Spec['cluster']['nodePool']): void => {
    nodes += (autoscale?.max ?? count) + 1;
  };
  add(cluster.nodePool);
  for (const [pool] of each(cluster.pools)) add(pool);
  return nodes;
}

/** Overlay networking: an address for each node and for each internal load balancer, and the five Azure keeps. */
export const subnetHolds: Check = function* (spec) {
  const subnet = subnetOf(spec);
  const nodes = mostNodes(spec);
  const frontends = endpointNames.filter((endpoint) => reachOf(spec, endpoint).internal.length > 0).length;
  const usable = Math.max(sizeOf(subnet) - 5, 0);
  if (nodes + frontends <= usable) return;
  const inside =
    frontends === 0
      ? ''
      : ` and ${frontends === 1 ? 'the internal load balancer 1' : `the internal load balancers ${frontends}`}`;
  yield {
    code: 'spec/subnet',
    path: 'network.subnet',
    message: `the subnet "${subnet}" has ${usable} usable addresses and the nodes need ${nodes}${inside}`,
    note: 'one for each node, one more for each pool during an upgrade',
  };
};

/** Overlay networking gives every node a /24 of the range of pods, whatever it runs: aks/concepts-network-azure-cni-overlay. */
export const podRangeHolds: Check = function* (spec) {
  const { podCidr } = clusterRanges(spec);
  const nodes = mostNodes(spec);
  const { nodePrefix } = aksRules().overlay;
  const room = sizeOf(podCidr) / 2 ** (32 - nodePrefix);
  if (nodes <= room) return;
  yield {
    code: 'spec/conflict',
    path: spec.cluster.nodePool.autoscale ? 'cluster.nodePool.autoscale.max' : 'cluster.nodePool.count',
    message: `the range of pods ${podCidr} has a /${nodePrefix} for ${room} nodes, and there can be ${nodes}`,
    note: 'one for each node, one more for each pool during an upgrade',
  };
};
