import type { Resource } from '../../plan.ts';
import { isPresent, items, number, object, text } from '../../views.ts';
import { ofType } from '../references.ts';
import { addressesOf } from './addresses.ts';
import { difference, everything, nothing, type Points, union } from './line.ts';
import { mayShareNamespace, type Pod, selects, sharesNamespace } from './pods.ts';

/** From which addresses NetworkPolicies let somebody in to a port of a pod; everything where none is sure to be applied. */
export function letInByPolicies(resources: readonly Resource[], pod: Pod, port: number, protocol: string): Points {
  if (!hasEngine(resources)) return everything;
  const policies = ofType(resources, 'kubernetes:networking.k8s.io/v1:NetworkPolicy').map(({ inputs }) => ({
    namespace: object(inputs.metadata).namespace,
    spec: object(inputs.spec),
  }));
  const closes = policies.some(
    ({ namespace, spec }) =>
      sharesNamespace(namespace, pod.namespace) && isForIngress(spec) && selection(spec.podSelector, pod) === 'yes',
  );
  if (!closes) return everything;
  return union(
    ...policies
      .filter(
        ({ namespace, spec }) =>
          mayShareNamespace(namespace, pod.namespace) && selection(spec.podSelector, pod) !== 'no',
      )
      .flatMap(({ spec }) =>
        isList(spec.ingress) ? items(spec.ingress).map((rule) => peersOf(rule, pod, port, protocol)) : [everything],
      ),
  );
}

/** Without an engine Kubernetes keeps NetworkPolicies and applies none. */
const hasEngine = (resources: readonly Resource[]): boolean =>
  ofType(resources, 'azure-native:containerservice:ManagedCluster').some(({ inputs }) => {
    const { networkPolicy, networkDataplane } = object(inputs.networkProfile);
    return ['azure', 'calico', 'cilium'].includes(text(networkPolicy) ?? '') || networkDataplane === 'cilium';
  });

const isForIngress = ({ policyTypes }: Record<string, unknown>): boolean =>
  !isPresent(policyTypes) || items(policyTypes).includes('Ingress');

function selection(selector: unknown, { labels }: Pod): 'yes' | 'no' | 'perhaps' {
  const { matchLabels, matchExpressions } = object(selector);
  if (!isPresent(selector) || object(selector) !== selector || isPresent(matchExpressions)) return 'perhaps';
  return !isPresent(matchLabels) || Object.keys(object(matchLabels)).length === 0 || selects(matchLabels, labels)
    ? 'yes'
    : 'no';
}

const isList = (value: unknown): boolean => !isPresent(value) || Array.isArray(value);

/** Whom one rule lets in to the port; pods and namespaces are nobody outside. */
function peersOf(rule: unknown, pod: Pod, port: number, protocol: string): Points {
  const { ports, from } = object(rule);
  if (isPresent(ports) && !items(ports).some((each) => isMeant(object(each), pod, port, protocol))) return nothing;
  if (!isPresent(from) || items(from).length === 0) return everything;
  return union(
    ...items(from).map((peer) => {
      const { ipBlock } = object(peer);
      if (!isPresent(ipBlock)) return nothing;
      const range = addressesOf(text(object(ipBlock).cidr) ?? '', nothing);
      const except = items(object(ipBlock).except).map((each) => addressesOf(text(each) ?? '', nothing) ?? nothing);
      return range ? difference(range, union(...except)) : everything;
    }),
  );
}

function isMeant(
  { port: meant, endPort, protocol: of = 'TCP' }: Record<string, unknown>,
  pod: Pod,
  port: number,
  protocol: string,
): boolean {
  if (text(of) !== undefined && of !== protocol) return false;
  const first = number(meant) ?? pod.ports.find(({ name }) => name !== undefined && name === text(meant))?.port;
  return first === undefined || (first <= port && port <= (number(endPort) ?? first));
}
