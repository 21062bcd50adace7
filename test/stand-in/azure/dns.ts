import { createHash } from 'node:crypto';
import { isIPv4 } from 'node:net';
import type { RecordSetArgs, ZoneArgs } from '@pulumi/azure-native/dns/index.js';
import type { Resolved } from '../provider.ts';
import { lastPart } from './arm-path.ts';
import { badRequest, conflict, notFound } from './error.ts';
import { names } from './names.ts';
import { define, type Write } from './resource-type.ts';

/** https://learn.microsoft.com/azure/dns/dns-zones-records; limits: `…/dns/dns-faq` and `azure-subscription-service-limits`. */
export const zone = define<ZoneArgs>({
  path: '{group}/Microsoft.Network/dnsZones/{zoneName}',
  name: names.dnsZone,
  location: 'global',
  check({ inputs }) {
    // https://learn.microsoft.com/azure/dns/private-dns-migration-guide: private ones are a type of their own by now.
    if (inputs.zoneType === 'Private' || inputs.registrationVirtualNetworks || inputs.resolutionVirtualNetworks)
      throw badRequest('BadRequest', 'Private zones are made as Microsoft.Network/privateDnsZones.');
  },
  outputs: ({ id, inputs }) => ({
    zoneType: inputs.zoneType ?? 'Public',
    etag: '00000000-0000-0000-0000-000000000000',
    maxNumberOfRecordSets: 10000,
    numberOfRecordSets: 2,
    nameServers: nameServers(id),
  }),
});

/** One of Azure's groups of four, which differs from zone to zone: the registrar must be told. */
function nameServers(id: string): string[] {
  const [first = 0] = createHash('sha256').update(id.toLowerCase()).digest();
  const group = String((first % 40) + 1).padStart(2, '0');
  return ['com', 'net', 'org', 'info'].map((end, index) => `ns${index + 1}-${group}.azure-dns.${end}.`);
}

type RecordSet = Resolved<RecordSetArgs>;

/** Which argument holds the data of which type. */
const dataOf = {
  A: 'aRecords',
  AAAA: 'aaaaRecords',
  CAA: 'caaRecords',
  CNAME: 'cnameRecord',
  DS: 'dsRecords',
  MX: 'mxRecords',
  NAPTR: 'naptrRecords',
  NS: 'nsRecords',
  PTR: 'ptrRecords',
  SOA: 'soaRecord',
  SRV: 'srvRecords',
  TLSA: 'tlsaRecords',
  TXT: 'txtRecords',
} as const satisfies Record<string, keyof RecordSet>;

/** https://learn.microsoft.com/rest/api/dns/record-sets/create-or-update and https://learn.microsoft.com/azure/dns/dns-zones-records */
export const recordSet = define<RecordSetArgs>({
  path: '{group}/Microsoft.Network/dnsZones/{zoneName}/{recordType}/{relativeRecordSetName}',
  name: names.recordSet,
  check(write) {
    const { recordType, ttl } = write.inputs;
    const type = typeIn(recordType);
    if (!type) {
      throw notFound(
        'InvalidResourceType',
        `The resource type 'dnszones/${recordType}' could not be found in the namespace 'Microsoft.Network'.`,
      );
    }
    if (ttl === undefined || !Number.isInteger(ttl) || ttl < 1 || ttl > 2147483647)
      throw badRequest('BadRequest', `The TTL '${ttl}' is not between 1 and 2147483647.`);
    checkData(write, type);
    checkNeighbours(write, type);
  },
  outputs: ({ id, name, inputs }) => {
    const [, zoneName = ''] = /\/dnsZones\/([^/]+)\//i.exec(id) ?? [];
    return {
      type: `Microsoft.Network/dnszones/${inputs.recordType}`,
      etag: '00000000-0000-0000-0000-000000000000',
      fqdn: name === '@' ? `${zoneName}.` : `${name}.${zoneName}.`,
      provisioningState: 'Succeeded',
    };
  },
});

const typeIn = (text: string): keyof typeof dataOf | undefined =>
  (Object.keys(dataOf) as (keyof typeof dataOf)[]).find((type) => type === text.toUpperCase());

function checkData({ world, inputs }: Write<RecordSetArgs>, type: keyof typeof dataOf): void {
  const strange = Object.entries(dataOf).find(([other, key]) => other !== type && inputs[key] !== undefined);
  if (strange) throw badRequest('BadRequest', `A record set of type ${type} cannot hold ${strange[1]}.`);
  const data = inputs[dataOf[type]];
  const alias = inputs.targetResource?.id;
  // Azure keeps an empty set and answers nobody: to whoever wrote the plan that is a refusal.
  if ((data === undefined || (Array.isArray(data) && data.length === 0)) === (alias === undefined))
    throw badRequest('BadRequest', `A record set of type ${type} needs either ${dataOf[type]} or a target resource.`);
  if (alias !== undefined) {
    if (!['A', 'AAAA', 'CNAME'].includes(type))
      throw badRequest('BadRequest', `A record set of type ${type} cannot be an alias.`);
    if (!world.get(alias)) throw badRequest('BadRequest', `The target resource '${alias}' was not found.`);
  }
  if (Array.isArray(data) && data.length > 20)
    throw badRequest('BadRequest', `A record set holds at most 20 records; ${data.length} are given.`);
  const refuse = (what: string, value: unknown) => badRequest('BadRequest', `The ${what} '${value}' is invalid.`);
  for (const { ipv4Address = '' } of inputs.aRecords ?? [])
    if (!isIPv4(ipv4Address)) throw refuse('IPv4 address', ipv4Address);
  const addresses = (inputs.aRecords ?? []).map(({ ipv4Address }) => ipv4Address);
  if (new Set(addresses).size < addresses.length) throw refuse('list with the same record twice', addresses.join());
  for (const { value = [] } of inputs.txtRecords ?? []) {
    const text = value.join('');
    if (value.length === 0 || value.some((part) => part.length > 255) || text.length > 4096)
      throw refuse('TXT record with no text, more than 255 characters in one or 4096 in all', text);
  }
  // https://github.com/kubernetes-sigs/external-dns/issues/4855
  const { cname } = inputs.cnameRecord ?? {};
  if (inputs.cnameRecord && !isHost.test(cname ?? ''))
    throw badRequest('BadRequest', `The domain name '${cname}' is invalid.`);
}

const isHost = /^(?=.{1,254}$)([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.)*[A-Za-z0-9_-]{1,63}\.?$/;

/** A CNAME stands alone under its name; the message is that of https://github.com/MicrosoftDocs/azure-docs/issues/85496. */
function checkNeighbours({ world, id, name, inputs }: Write<RecordSetArgs>, type: string): void {
  if (type === 'CNAME' && name === '@')
    throw badRequest(
      'BadRequest',
      `A CNAME record set cannot be created at the apex of the zone '${inputs.zoneName}'.`,
    );
  const zoneId = id.slice(0, id.search(/\/[^/]+\/[^/]+$/));
  const twin = world
    .below(zoneId)
    .filter((held) => held.type === 'azure-native:dns:RecordSet' && held.id.toLowerCase() !== id.toLowerCase())
    .filter((held) => lastPart(held.id).toLowerCase() === name.toLowerCase())
    .find((held) => type === 'CNAME' || typeIn(String(held.inputs.recordType)) === 'CNAME');
  if (!twin) return;
  throw conflict(
    'Conflict',
    type === 'CNAME'
      ? `The CNAME record '${name}' could not be created because another record with the same name already exists in this zone.`
      : 'The record could not be created because a CNAME record with the same name already exists in this zone.',
  );
}
