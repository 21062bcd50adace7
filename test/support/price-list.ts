import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Row } from '../../src/retail/rows.ts';

/** A row as the price list has it; what is not named is of a size in eastus. */
export const row = (fields: Record<string, unknown> = {}): Row => ({
  currencyCode: 'USD',
  tierMinimumUnits: 0,
  retailPrice: 0.1,
  armRegionName: 'eastus',
  effectiveStartDate: '2026-01-01T00:00:00Z',
  meterName: 'D2as v5',
  productName: 'Virtual Machines Dasv5 Series',
  skuName: 'D2as v5',
  unitOfMeasure: '1 Hour',
  type: 'Consumption',
  isPrimaryMeterRegion: true,
  armSkuName: 'Standard_D2as_v5',
  ...fields,
});

/** One that needs no serviceName to be asked for is a Virtual Machine. */
type Listed = Row & { serviceName?: string };

/** What is answered in place of a page; `undefined` lets the page through. */
export type Fault = (response: ServerResponse, request: IncomingMessage) => void;

export type PriceList = { url: string; asked: URL[]; close(): void };

/** A server that behaves like the Retail Prices API: filters, pages with links, and as many faults as one likes first. */
export async function priceList(
  rows: readonly Listed[],
  { pageSize = 1000, faults = [] as (Fault | undefined)[] } = {},
): Promise<PriceList> {
  const asked: URL[] = [];
  const server = createServer((request, response) => {
    const address = new URL(request.url ?? '', `http://${request.headers.host}`);
    asked.push(address);
    const fault = faults[asked.length - 1];
    if (fault) return fault(response, request);
    const { searchParams } = address;
    const matches = filterOf(searchParams.get('$filter') ?? '');
    if (!matches || searchParams.get('currencyCode') !== "'USD'" || searchParams.get('meterRegion') !== "'primary'")
      return send(response, 400, '{"Error":{"Code":"BadRequest"}}');
    const found = rows.filter((each) => matches({ serviceName: 'Virtual Machines', ...each, priceType: each.type }));
    const from = Number(searchParams.get('$skip') ?? 0);
    const next = new URL(address);
    next.searchParams.set('$skip', String(from + pageSize));
    const page = {
      BillingCurrency: 'USD',
      Items: found.slice(from, from + pageSize),
      NextPageLink: found.length > from + pageSize ? next.href : null,
      Count: Math.min(found.length - from, pageSize),
    };
    return send(response, 200, JSON.stringify(page));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/api/retail/prices`,
    asked,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

export function send(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json; odata.metadata=minimal', ...headers });
  response.end(text);
}

type Test = (row: Record<string, unknown>) => boolean;

/** The few operators that are used; values are case-sensitive, as they are from this version of the API on. */
function filterOf(filter: string): Test | undefined {
  const tests = filter.split(' and ').map((term): Test | undefined => {
    const either = /^\((.* or .*)\)$/.exec(term)?.[1]?.split(' or ').map(equality);
    if (either) return either.every((each) => each) ? (row) => either.some((each) => each?.(row)) : undefined;
    const [, field = '', text = ''] = /^contains\((\w+), '([^']*)'\) eq false$/.exec(term) ?? [];
    return field ? (row) => !String(row[field]).includes(text) : equality(term);
  });
  return tests.every((test) => test) ? (row) => tests.every((test) => test?.(row)) : undefined;
}

function equality(term: string): Test | undefined {
  const [, field, value] = /^(\w+) eq '([^']*)'$/.exec(term) ?? [];
  return field === undefined ? undefined : (row) => row[field] === value;
}
