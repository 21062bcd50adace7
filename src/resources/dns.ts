import type { Handle, Perhaps } from '../builder.ts';
import { concat, type Expr } from '../expr.ts';
import type { Spec } from '../spec/schema.ts';
import { HoleRead } from '../spec/track.ts';
import { type Context, tags } from './context.ts';
import { hasProxy } from './exposure.ts';

/** The zone the node's names are in, made here or by others. */
export type Zone = {
  name: () => string | Expr<string>;
  resourceGroup: () => string | Expr<string>;
  /** What rights are given on. */
  id: () => string | Expr<string>;
};

/** The DNS zone, where the spec wants it made, and in it the records of the public address. */
export function dns(context: Context, group: Handle, publicIp: Perhaps<Handle>): Zone {
  const { spec, plan } = context;
  const declared = (): NonNullable<Spec['network']['dns']> => {
    if (!spec.network.dns) throw new HoleRead(); // a host without a zone is refused elsewhere
    return spec.network.dns;
  };
  const made = plan.when(
    () => spec.network.dns?.create === true,
    () =>
      plan.resource(
        'azure-native:dns:Zone',
        'dns-zone',
        'network.dns',
        () => ({
          resourceGroupName: group.output('name'),
          location: 'global',
          zoneName: () => declared().zone,
          zoneType: 'Public' as const,
          tags: () => tags(context),
        }),
        // Another zone of the same name gets other name servers, which the registrar does not know.
        () => ({ protect: spec.metadata.stage === 'production' || undefined }),
      ),
  );
  const zone: Zone = {
    name: () => made()?.output('name') ?? declared().zone,
    resourceGroup: () => (made() ? undefined : declared().resourceGroup) ?? group.output('name'),
    id: () =>
      made()?.id ??
      concat(
        `/subscriptions/${spec.azure.subscription}/resourceGroups/`,
        zone.resourceGroup(),
        `/providers/Microsoft.Network/dnsZones/${declared().zone}`,
      ),
  };
  const address = (name: string, origin: string, record: () => string) =>
    plan.resource('azure-native:dns:RecordSet', name, origin, () => ({
      resourceGroupName: zone.resourceGroup,
      zoneName: zone.name,
      relativeRecordSetName: record,
      recordType: 'A',
      // Short, because it only matters on the day the address has to change.
      ttl: 300,
      aRecords: [{ ipv4Address: () => (publicIp() as Handle).output('ipAddress') }],
    }));
  plan.when(
    () => spec.network.dns !== undefined && publicIp() !== undefined,
    () => address('dns-record', 'network.dns.record', () => declared().record),
  );
  // The host of the gateway is found at the same address, under whatever name it has in the zone.
  const hostRecord = (): string => {
    const host = spec.network.expose.gateway.host as string;
    const { zone: name } = declared();
    return host === name ? '@' : host.slice(0, -name.length - 1);
  };
  plan.when(
    () => hasProxy(spec) && publicIp() !== undefined && hostRecord() !== declared().record,
    () => address('gateway-record', 'network.expose.gateway.host', hostRecord),
  );
  return zone;
}
