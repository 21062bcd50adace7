import { afterEach, describe, expect, it } from 'vitest';
import { type Client, rowsOf } from '../../src/retail/client.ts';
import { type Fault, type PriceList, priceList, row, send } from '../support/price-list.ts';

let list: PriceList | undefined;
afterEach(() => list?.close());

const filter = "serviceName eq 'Virtual Machines' and priceType eq 'Consumption'";
const one = [row()];

/** Asks for everything, notes the waits instead of waiting, and returns the rows or the error's message. */
async function ask(client: Partial<Client> = {}): Promise<{ rows: number; message: string; waits: number[] }> {
  const waits: number[] = [];
  let rows = 0;
  const wait = async (milliseconds: number) => void waits.push(milliseconds);
  try {
    for await (const page of rowsOf(filter, { url: list?.url ?? '', wait, random: () => 1, ...client }))
      rows += page.length;
    return { rows, message: '', waits };
  } catch (error) {
    return { rows, message: (error as Error).message.replace(/127\.0\.0\.1:\d+/, 'HOST'), waits };
  }
}
const status =
  (code: number, headers: Record<string, string> = {}): Fault =>
  (response) =>
    send(response, code, '{}', headers);
const body =
  (text: string, type = 'application/json'): Fault =>
  (response) =>
    send(response, 200, text, { 'content-type': type });
const page = (fields: Record<string, unknown>): Fault =>
  body(JSON.stringify({ Items: [], NextPageLink: null, ...fields }));

describe('paging', () => {
  it('follows the links to the end', async () => {
    list = await priceList(Array.from({ length: 2_345 }, () => row()));
    expect(await ask()).toEqual({ rows: 2_345, message: '', waits: [] });
    expect(list.asked.map(({ searchParams }) => searchParams.get('$skip'))).toEqual([null, '1000', '2000']);
    // The quotes belong to the value; a plus sign is no space to every server.
    expect(list.asked[0]?.search).toMatch(
      /^\?api-version=2023-01-01-preview&currencyCode=%27USD%27&meterRegion=%27primary%27&\$filter=serviceName%20eq/,
    );
  });

  it('leads neither elsewhere nor round in circles', async () => {
    list = await priceList(one, { faults: [page({ NextPageLink: 'http://prices.example.org/next' })] });
    expect((await ask()).message).toBe("can't fetch prices from HOST: its next page is at another address");
    list.close();
    const again: Fault = (response, request) =>
      send(response, 200, JSON.stringify({ Items: [], NextPageLink: new URL(request.url ?? '', list?.url).href }));
    list = await priceList(one, { faults: [again] });
    expect((await ask()).message).toBe("can't fetch prices from HOST: its pages have no end");
  });
});

describe('patience', () => {
  it.each([
    ['a number of seconds', { 'retry-after': '7' }, [7_000]],
    ['a date that has passed', { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }, [0]],
    ['nothing', {}, [1_000]],
    ['nonsense', { 'retry-after': 'soon' }, [1_000]],
  ] as const)('waits as 429 asks: %s', async (_, headers, waits) => {
    list = await priceList(one, { faults: [status(429, headers)] });
    expect(await ask()).toEqual({ rows: 1, message: '', waits });
  });

  it('gives up when asked to come back in an hour', async () => {
    list = await priceList(one, { faults: [status(429, { 'retry-after': '3600' })] });
    expect(await ask()).toMatchObject({
      message: "can't fetch prices from HOST: it answers with 429 and asks to come back in 3600 seconds",
      waits: [],
    });
  });

  it('waits longer each time, and not in step with others', async () => {
    list = await priceList(one, { faults: [status(500), status(503), status(502)] });
    expect((await ask()).waits).toEqual([1_000, 2_000, 4_000]);
    list.close();
    list = await priceList(one, { faults: [status(500), status(503)] });
    expect((await ask({ random: () => 0 })).waits).toEqual([500, 1_000]);
  });

  it('ends', async () => {
    list = await priceList(one, { faults: Array.from({ length: 6 }, () => status(500)) });
    expect(await ask()).toEqual({
      rows: 0,
      message: "can't fetch prices from HOST: it answers with 500, 6 times",
      waits: [1_000, 2_000, 4_000, 8_000, 16_000],
    });
  });

  it('tries again when the connection or the text breaks off', async () => {
    const breaks: Fault = (response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
      response.write('{"Items":[', () => response.destroy());
    };
    const closes: Fault = (response) => response.destroy();
    list = await priceList(one, { faults: [breaks, body('{"Items":[{"curr'), closes] });
    expect(await ask()).toMatchObject({ rows: 1, waits: [1_000, 2_000, 4_000] });
  });

  it('does not wait for ever for one answer', async () => {
    const silent: Fault = () => {};
    list = await priceList(one, { faults: [silent] });
    expect(await ask({ timeout: 50 })).toMatchObject({ rows: 1, waits: [1_000] });
    list.close();
    list = await priceList(one, { faults: Array.from({ length: 6 }, () => silent) });
    expect((await ask({ timeout: 5 })).message).toBe(
      "can't fetch prices from HOST: it takes more than 0.005 seconds to answer, 6 times",
    );
  });

  it('ends at once when cancelled', async () => {
    const cancelling = new AbortController();
    list = await priceList(one, { faults: [() => cancelling.abort()] });
    expect((await ask({ signal: cancelling.signal })).waits).toEqual([]);
    expect(list.asked).toHaveLength(1);
  });
});

describe('what is no price list', () => {
  it.each([
    [
      'a proxy',
      body('<html>', 'text/html'),
      'it answers with text/html and not with JSON: something stands in between',
    ],
    ['a wrong address', status(404), 'it answers with 404'],
    ['a filter it does not know', status(400), 'it answers with 400'],
    ['another answer', body('[]'), 'SHAPE: it has no list "Items"'],
    ['other links', page({ NextPageLink: 3 }), 'SHAPE: "NextPageLink" is no text'],
    ['other rows', page({ Items: ['x'] }), 'SHAPE: "Items[0]" is no row'],
    [
      'a price as text',
      page({ Items: [row(), row({ retailPrice: '0.1' })] }),
      'SHAPE: "Items[1].retailPrice" is no amount',
    ],
    ['a price below zero', page({ Items: [row({ retailPrice: -1 })] }), 'SHAPE: "Items[0].retailPrice" is no amount'],
    ['no unit', page({ Items: [{ ...row(), unitOfMeasure: null }] }), 'SHAPE: "Items[0].unitOfMeasure" is no text'],
    ['a size that is none', page({ Items: [row({ armSkuName: 7 })] }), 'SHAPE: "Items[0].armSkuName" is no text'],
    [
      'other plans',
      page({ Items: [row({ savingsPlan: [{ term: '1 Year' }] })] }),
      'SHAPE: "Items[0].savingsPlan" is no list of prices',
    ],
  ])('is refused at once: %s', async (_, fault, message) => {
    list = await priceList(one, { faults: [fault] });
    const whole = message.replace('SHAPE', 'its answer has another shape than this version of perpetual knows');
    expect(await ask()).toEqual({ rows: 0, message: `can't fetch prices from HOST: ${whole}`, waits: [] });
    expect(list.asked).toHaveLength(1);
  });

  it('is not waited for where nobody answers', async () => {
    list = await priceList(one);
    list.close();
    expect(await ask()).toMatchObject({
      message: "can't fetch prices from HOST: it refuses the connection",
      waits: [],
    });
    expect((await ask({ url: 'http://prices.invalid/api' })).message).toBe(
      "can't fetch prices from prices.invalid: its name is not known here",
    );
  });
});
