import { beforeEach, describe, expect, it } from 'vitest';
import { Bed, groupName, idIn } from '../fixture/bed.ts';
import type { Properties } from '../provider.ts';

const zone = { resourceGroupName: groupName, zoneName: 'example.org', location: 'global' };
const record = (inputs: Properties): Properties => ({
  resourceGroupName: groupName,
  zoneName: 'example.org',
  relativeRecordSetName: 'node',
  recordType: 'A',
  ttl: 300,
  ...inputs,
});
const a = record({ aRecords: [{ ipv4Address: '20.1.2.3' }] });

let bed: Bed;
beforeEach(async () => {
  bed = await Bed.made();
  await bed.make('dns:Zone', 'zone', zone);
});

describe('zones', () => {
  it.each<[string, Properties, string]>([
    ['in a region', { location: 'eastus' }, 'LocationNotAvailableForResourceType'],
    ['of one label', { zoneName: 'org' }, 'The zone name'],
    ['that are private', { zoneType: 'Private' }, 'privateDnsZones'],
    ['without a location, which is then the region of their group', { location: undefined }, 'LocationNotAvailable'],
  ])('refuses those %s', async (_what, changes, code) => {
    await expect(bed.make('dns:Zone', 'other', { ...zone, zoneName: 'example.net', ...changes })).rejects.toThrow(code);
  });

  it('shows the name servers, and is replaced for another name', async () => {
    expect(bed.resources.get('zone')?.outputs).toMatchObject({
      name: 'example.org',
      zoneType: 'Public',
      nameServers: [/^ns1-\d\d\.azure-dns\.com\.$/, /net\.$/, /org\.$/, /info\.$/].map((end) =>
        expect.stringMatching(end),
      ),
    });
    expect(await bed.undeclared('zone')).toEqual([]);
    expect((await bed.change('zone', { zoneName: 'example.net' })).replaces).toEqual(['zoneName']);
    expect((await bed.change('zone', { tags: { owner: 'x' } })).replaces).toEqual([]);
  });

  it('takes its records along', async () => {
    await bed.make('dns:RecordSet', 'node', a);
    await bed.delete('zone');
    expect(bed.cloud.look(({ resources }) => Object.keys(resources)).filter((id) => id.includes('dnszones'))).toEqual(
      [],
    );
  });
});

describe('record sets', () => {
  it.each<[string, Properties, string]>([
    ['in a zone that does not exist', { ...a, zoneName: 'example.net' }, 'ParentResourceNotFound'],
    ['of a type that does not exist', { ...a, recordType: 'ALIAS' }, 'InvalidResourceType'],
    ['without a TTL', { ...a, ttl: undefined }, 'The TTL'],
    ['with a TTL of nothing', { ...a, ttl: 0 }, 'The TTL'],
    ['with the data of another type', { ...a, recordType: 'TXT' }, 'cannot hold aRecords'],
    ['with no data', record({}), 'needs either aRecords or a target'],
    ['with an empty list', record({ aRecords: [] }), 'needs either aRecords or a target'],
    ['with no address', record({ aRecords: [{ ipv4Address: 'node' }] }), "The IPv4 address 'node' is invalid"],
    ['with an IPv6 address', record({ aRecords: [{ ipv4Address: '::1' }] }), 'is invalid'],
    [
      'with an address twice',
      record({ aRecords: [...(a.aRecords as []), ...(a.aRecords as [])] }),
      'same record twice',
    ],
    ['with a text that is too long', record({ recordType: 'TXT', txtRecords: [{ value: ['x'.repeat(256)] }] }), '255'],
    ['with a wrong name', { ...a, relativeRecordSetName: 'my node' }, 'The domain name'],
    [
      'that stand for what does not exist',
      record({ targetResource: { id: idIn('Microsoft.Network/publicIPAddresses/none') } }),
      'was not found',
    ],
    [
      'of type CNAME at the apex',
      record({ recordType: 'CNAME', relativeRecordSetName: '@', cnameRecord: { cname: 'example.net' } }),
      'at the apex',
    ],
    ['with a CNAME that is none', record({ recordType: 'CNAME', cnameRecord: { cname: '"x"' } }), 'is invalid'],
  ])('refuses those %s', async (_what, inputs, code) => {
    await expect(bed.make('dns:RecordSet', 'node', inputs)).rejects.toThrow(code);
  });

  it('keeps a CNAME alone under its name', async () => {
    const cname = record({ recordType: 'CNAME', cnameRecord: { cname: 'example.net' } });
    await bed.make('dns:RecordSet', 'node', a);
    await expect(bed.make('dns:RecordSet', 'other', cname)).rejects.toThrow('already exists in this zone');
    await bed.make('dns:RecordSet', 'text', record({ recordType: 'TXT', txtRecords: [{ value: ['v=1'] }] }));
    await bed.make('dns:RecordSet', 'www', { ...cname, relativeRecordSetName: 'www' });
    await expect(bed.make('dns:RecordSet', 'a', { ...a, relativeRecordSetName: 'WWW' })).rejects.toThrow(
      'CNAME record',
    );
  });

  it('shows its full name, changes in place, and is replaced for another name or type', async () => {
    await bed.make('dns:RecordSet', 'node', a);
    await bed.make('dns:RecordSet', 'apex', { ...a, relativeRecordSetName: '@' });
    await bed.make('dns:RecordSet', 'any', { ...a, relativeRecordSetName: '*.node' });
    expect(bed.resources.get('node')).toMatchObject({
      id: idIn('Microsoft.Network/dnsZones/example.org/A/node'),
      outputs: { fqdn: 'node.example.org.', name: 'node', type: 'Microsoft.Network/dnszones/A' },
    });
    expect(bed.resources.get('apex')?.outputs.fqdn).toBe('example.org.');
    expect(await bed.undeclared('node')).toEqual([]);
    expect((await bed.change('node', { ttl: 60 })).replaces).toEqual([]);
    expect((await bed.change('node', { relativeRecordSetName: 'peer' })).replaces).toEqual(['relativeRecordSetName']);
    expect((await bed.change('node', { recordType: 'AAAA' })).replaces).toEqual(['recordType']);
  });
});

describe('what was there before', () => {
  it('is there, once, and is nobody else’s to make', async () => {
    const other = new Bed();
    const group = {
      type: 'azure-native:resources:ResourceGroup',
      inputs: { resourceGroupName: groupName, location: 'eastus' },
    };
    const seeds = [group, { type: 'azure-native:dns:Zone', inputs: zone }];
    await other.seed(...seeds);
    await other.make('dns:RecordSet', 'node', a);
    await expect(other.make('dns:Zone', 'zone', zone)).rejects.toThrow('cannot create already existing resource');
    other.cloud.change(({ resources }) => {
      for (const id of Object.keys(resources)) if (id.includes('/dnszones/')) delete resources[id];
    });
    await other.seed(...seeds);
    await expect(other.make('dns:RecordSet', 'peer', a)).rejects.toThrow('ParentResourceNotFound');
  });

  it('obeys the rules too', async () => {
    await expect(
      new Bed().seed({ type: 'azure-native:dns:Zone', inputs: { ...zone, location: 'eastus' } }),
    ).rejects.toThrow('ResourceGroupNotFound');
    await expect(new Bed().seed({ type: 'azure-native:dns:Zone', inputs: { zone: 'x' } })).rejects.toThrow(
      "unknown property 'zone'",
    );
  });
});
