import type { Resource } from '../../plan.ts';
import { items, number, object, text } from '../../views.ts';
import { ofType } from '../references.ts';
import type { Protocol } from './rules.ts';

/** A port that a container group offers on a public address of its own, where no network security group is. */
export type OfferedPort = { resource: string; input: string; by: string; protocol: Protocol; port: number };

export function* publicGroups(resources: readonly Resource[]): Generator<OfferedPort> {
  for (const { name, inputs } of ofType(resources, 'azure-native:containerinstance:ContainerGroup')) {
    const { type, ports } = object(inputs.ipAddress);
    if (text(type)?.toLowerCase() !== 'public') continue;
    for (const [index, each] of items(ports).entries()) {
      const { port: offered, protocol } = object(each);
      const port = number(offered);
      if (port === undefined) continue;
      yield {
        resource: name,
        input: `ipAddress.ports[${index}].port`,
        by: `the container group "${text(inputs.containerGroupName) ?? name}"`,
        protocol: text(protocol)?.toUpperCase() === 'UDP' ? 'Udp' : 'Tcp',
        port,
      };
    }
  }
}
