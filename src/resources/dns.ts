import type { Handle, Perhaps } from '../builder.ts';
import { concat, type Expr } from '../expr.ts';
import type { Spec } from '../spec/schema.ts';
import { HoleRead } from '../spec/track.ts';
import { type Context, tags } from './context.ts';

/** The zone the node's names are in, made here or by others. */
export type Zone = {
  name: () => string | Expr<string>;
  resourceGroup: () => string | Expr<string>;
  /** What rights are given on. */
  id: () => string | Expr<string>;
};

/** The DNS zone, where the spec wants it made, and in it the record of the public address. */
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
  plan.when(
    () => spec.network.dns !== undefined && publicIp() !== undefined,
    () =>
      plan.resource('azure-native:dns:RecordSet', 'dns-record', 'network.dns.record', () => ({
        resourceGroupName: zone.resourceGroup,
        zoneName: zone.name,
        relativeRecordSetName: () => declared().record,
        recordType: 'A',
        // Short, because it only matters on the day the address has to change.
        ttl: 300,
        aRecords: [{ ipv4Address: () => (publicIp() as Handle).output('ipAddress') }],
      })),
  );
  return zone;
}
