import type { Resource } from '../../plan.ts';
import { items, number, object, text } from '../../views.ts';
import type { Protocol } from './rules.ts';

/** A pool whose machines have public addresses, with the ports that AKS's own group lets in to them. */
export type OpenNode = {
  by: string;
  opens(protocol: Protocol, port: number): boolean;
  /** Ports on which a machine itself listens. */
  logins: { resource: string; input: string; port: number }[];
};
const loginPorts = [22, 3389];

/** Without `allowedHostPorts` AKS's group closes a machine that has a public address. */
export function openNodes(resources: readonly Resource[]): OpenNode[] {
  return resources.flatMap(({ name, type, inputs }) => {
    const pools = type.endsWith(':AgentPool')
      ? [{ pool: inputs, at: '' }]
      : items(inputs.agentPoolProfiles).map((each, index) => ({
          pool: object(each),
          at: `agentPoolProfiles[${index}].`,
        }));
    return pools
      .filter(({ pool }) => pool.enableNodePublicIP === true)
      .map(({ pool, at }): OpenNode => {
        const ranges = items(object(pool.networkProfile).allowedHostPorts).flatMap((each, index) => {
          const { portStart, portEnd, protocol } = object(each);
          const first = number(portStart);
          const input = `${at}networkProfile.allowedHostPorts[${index}]`;
          if (first === undefined) return [];
          return [{ input, first, last: number(portEnd) ?? first, isUdp: text(protocol)?.toUpperCase() === 'UDP' }];
        });
        const rangeOf = (protocol: Protocol, port: number) =>
          ranges.find(({ isUdp, first, last }) => isUdp === (protocol === 'Udp') && first <= port && port <= last);
        return {
          by: `the nodes of "${text(pool.name) ?? text(pool.agentPoolName) ?? name}"`,
          opens: (protocol, port) => rangeOf(protocol, port) !== undefined,
          logins: loginPorts.flatMap((port) => {
            const range = rangeOf('Tcp', port);
            return range ? [{ resource: name, input: range.input, port }] : [];
          }),
        };
      });
  });
}
