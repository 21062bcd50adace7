import type { core, networking } from '@pulumi/kubernetes/types/input.js';
import { addressNumber, addressRange, addressText, covers } from '../addresses.ts';
import { lastPart, subscriptionOf } from '../azure/arm-path.ts';
import { clusterPrincipal } from '../azure/cluster-outputs.ts';
import { guid } from '../azure/world.ts';
import type { KubernetesObject } from '../cloud.ts';
import type { Failure, Properties, Resolved } from '../provider.ts';
import { UNKNOWN } from '../values.ts';
import { containersOf, podOf, twice } from './pods.ts';
import { neverReady } from './refusal.ts';
import type { ClusterView } from './view.ts';

type ServiceSpec = Resolved<core.v1.ServiceSpec>;
type PolicySpec = Resolved<networking.v1.NetworkPolicySpec>;

const prefix = 'service.beta.kubernetes.io/azure-';

/** Ports and addresses of Services, ranges of NetworkPolicies, as `pkg/apis/core/validation` has them. */
export function serviceFailures(kind: string, object: Properties): Failure[] {
  const failures: Failure[] = [];
  const fail = (property: string, why: string): void => void failures.push({ property, reason: `${property}: ${why}` });
  if (kind === 'Service') {
    const {
      ports = [],
      type,
      clusterIP,
      loadBalancerSourceRanges,
      externalTrafficPolicy,
    } = (object.spec ?? {}) as ServiceSpec;
    if (ports.length === 0 && clusterIP !== 'None' && type !== 'ExternalName') fail('spec.ports', 'Required value');
    for (const [index, { name, port, targetPort }] of ports.entries()) {
      if (ports.length > 1 && !name) fail(`spec.ports[${index}].name`, 'Required value');
      if (name !== undefined && !/^(?=.{1,63}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name))
        fail(`spec.ports[${index}].name`, `Invalid value: "${name}": a lowercase RFC 1123 label is needed`);
      if (port < 1 || port > 65535)
        fail(`spec.ports[${index}].port`, `Invalid value: ${port}: must be between 1 and 65535, inclusive`);
      if (
        typeof targetPort === 'string' &&
        targetPort !== UNKNOWN &&
        !/^(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/.test(targetPort)
      )
        fail(`spec.ports[${index}].targetPort`, `Invalid value: "${targetPort}": must be no more than 15 characters`);
    }
    for (const name of twice(ports.flatMap(({ name }) => name ?? []))) fail('spec.ports', `Duplicate value: "${name}"`);
    for (const port of twice(ports.map(({ port, protocol = 'TCP' }) => `${protocol} ${port}`)))
      fail('spec.ports', `Duplicate value: ${port}`);
    if (clusterIP === 'None' && type !== undefined && type !== 'ClusterIP')
      fail('spec.clusterIPs[0]', `Invalid value: "None": may not be set to 'None' for ${type} services`);
    if (loadBalancerSourceRanges && type !== 'LoadBalancer')
      fail('spec.LoadBalancerSourceRanges', "Forbidden: may only be used when `type` is 'LoadBalancer'");
    for (const range of loadBalancerSourceRanges ?? [])
      if (range !== UNKNOWN && !addressRange(range))
        fail('spec.LoadBalancerSourceRanges', `Invalid value: "${range}": must be a list of IP ranges`);
    if (externalTrafficPolicy && type !== 'LoadBalancer' && type !== 'NodePort')
      fail('spec.externalTrafficPolicy', 'Invalid value: may only be set for externally-accessible services');
  }
  if (kind === 'NetworkPolicy') {
    const { ingress = [], egress = [] } = (object.spec ?? {}) as PolicySpec;
    const peers = [...ingress.flatMap((rule) => rule.from ?? []), ...egress.flatMap((rule) => rule.to ?? [])];
    for (const { ipBlock, podSelector, namespaceSelector } of peers) {
      if (!ipBlock) continue;
      if (podSelector || namespaceSelector) fail('spec', 'Forbidden: may not specify both ipBlock and another peer');
      const range = addressRange(ipBlock.cidr);
      if (!range && ipBlock.cidr !== UNKNOWN && !ipBlock.cidr.includes(':'))
        fail('spec', `Invalid value: "${ipBlock.cidr}": must be a valid CIDR value`);
      for (const text of ipBlock.except ?? []) {
        const except = addressRange(text);
        if (range && (!except || !covers(range, except) || except.prefix === range.prefix))
          fail('spec', `Invalid value: "${text}": must be a strict subset of "${ipBlock.cidr}"`);
      }
    }
  }
  return failures;
}

/**
 * What the cloud provider makes of a Service: a cluster address, and for a load balancer a public one. The address by
 * name must exist, in the group of the annotation or in AKS's own, and the cluster's identity must have rights there
 * (https://learn.microsoft.com/azure/aks/static-ip, kubernetes-sigs/cloud-provider-azure `pkg/consts/consts.go`).
 */
export function exposed(view: ClusterView, service: KubernetesObject): KubernetesObject {
  const spec = (service.spec ?? {}) as ServiceSpec;
  checkTargets(view, service, spec);
  const range = addressRange(view.cluster.inputs.networkProfile?.serviceCidr ?? '10.0.0.0/16');
  const offset =
    20 + (Number.parseInt(guid(service.metadata.namespace ?? '', service.metadata.name).slice(0, 3), 16) % 4000);
  const clusterIP =
    spec.type === 'ExternalName' ? undefined : (spec.clusterIP ?? addressText((range?.first ?? 0) + offset));
  const inner = {
    ...service,
    spec: { ...spec, type: spec.type ?? 'ClusterIP', ...(clusterIP && { clusterIP, clusterIPs: [clusterIP] }) },
  };
  if (spec.type !== 'LoadBalancer') return { ...inner, status: { loadBalancer: {} } };

  const annotations = (service.metadata.annotations ?? {}) as Record<string, string>;
  if (annotations[`${prefix}load-balancer-internal`] === 'true')
    return { ...inner, status: { loadBalancer: { ingress: [{ ip: '10.0.0.4', ipMode: 'VIP' }] } } };
  if (spec.loadBalancerSourceRanges?.length && annotations[`${prefix}allowed-service-tags`]) {
    throw neverReady(
      service,
      'both service.beta.kubernetes.io/azure-allowed-service-tags and loadBalancerSourceRanges are set',
    );
  }
  const { ip, id } = frontend(view, service, annotations, spec.loadBalancerIP);
  const rival = view
    .all('Service')
    .find(
      (other) => keyed(other) !== keyed(service) && other.publicIpId === id && clash(other.spec as ServiceSpec, spec),
    );
  if (rival) {
    throw neverReady(
      service,
      `Error syncing load balancer: Code="RulesUseSameFrontendPortProtocolAndFrontendIPConfig": Service ${keyed(rival)} uses the same port of ${ip}`,
    );
  }
  return { ...inner, publicIpId: id, status: { loadBalancer: { ingress: [{ ip, ipMode: 'VIP' }] } } };
}

const workloads = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Pod'];

/** A port by name is looked up in the pods: one that no container has leads nowhere. What is not there yet may have it. */
function checkTargets(view: ClusterView, service: KubernetesObject, { selector, ports = [] }: ServiceSpec): void {
  const wanted = Object.entries(selector ?? {});
  if (wanted.length === 0) return;
  const pods = workloads
    .flatMap((kind) => view.all(kind, service.metadata.namespace))
    .flatMap((object) => podOf(object.kind, object) ?? [])
    .filter(({ labels }) => wanted.every(([key, value]) => labels[key] === value));
  const known = pods.flatMap(({ spec }) =>
    containersOf(spec).flatMap(({ ports: own = [] }) => own.map(({ name }) => name)),
  );
  const lost = ports.find(({ targetPort }) => typeof targetPort === 'string' && !known.includes(targetPort));
  if (pods.length > 0 && lost)
    throw neverReady(service, `no container of the selected pods has a port named "${lost.targetPort}"`);
}

const keyed = ({ metadata }: KubernetesObject): string => `${metadata.namespace}/${metadata.name}`;
const portsOf = (spec: ServiceSpec): string[] =>
  (spec.ports ?? []).map(({ port, protocol = 'TCP' }) => `${protocol} ${port}`);
const clash = (a: ServiceSpec, b: ServiceSpec): boolean => portsOf(a).some((port) => portsOf(b).includes(port));

function frontend(
  view: ClusterView,
  service: KubernetesObject,
  annotations: Record<string, string>,
  requested: string | undefined,
): { ip: string; id: string } {
  const name = annotations[`${prefix}pip-name`];
  const address = annotations[`${prefix}load-balancer-ipv4`] ?? requested;
  const group = annotations[`${prefix}load-balancer-resource-group`] ?? lastPart(view.nodeGroup);
  const groupId = `/subscriptions/${subscriptionOf(view.cluster.id)}/resourceGroups/${group}`;
  if (name === undefined && address === undefined) {
    const number = addressNumber('20.0.0.1') ?? 0;
    return {
      ip: addressText(number + Number.parseInt(guid(view.cluster.id, keyed(service)).slice(0, 5), 16)),
      id: `${view.nodeGroup}/kubernetes-${keyed(service)}`,
    };
  }
  const found = view.world
    .all('azure-native:network:PublicIPAddress')
    .find(
      (held) =>
        held.id.toLowerCase().startsWith(`${groupId}/`.toLowerCase()) &&
        (name === undefined ? held.outputs.ipAddress === address : lastPart(held.id) === name),
    );
  if (!found)
    throw neverReady(
      service,
      `Error syncing load balancer: failed to ensure load balancer: user supplied pip: ${name ?? address} was not found in resource group ${group}`,
    );
  const principal = clusterPrincipal(view.world, view.cluster) ?? '';
  const isOwn = groupId.toLowerCase() === view.nodeGroup.toLowerCase();
  if (!isOwn && !view.world.holds(principal, ['Network Contributor', 'Contributor', 'Owner'], found.id)) {
    throw neverReady(
      service,
      `Error syncing load balancer: Code="AuthorizationFailed" The client '${principal}' with object id '${principal}' does not have authorization to perform action 'Microsoft.Network/publicIPAddresses/read' over scope '${found.id}'`,
    );
  }
  return { ip: String(found.outputs.ipAddress), id: found.id };
}
