import { UsageError } from '../files.ts';
import { ChangedShape, type Page, pageOf, type Row } from './rows.ts';

export const defaultUrl = 'https://prices.azure.com/api/retail/prices';

export type Client = {
  /** Where the price list is asked for. */
  url: string;
  /** Waits that many milliseconds before the next try. */
  wait?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** From 0 to 1: clients that were refused together must not come back together. */
  random?: () => number;
  /** How long one answer may take. */
  timeout?: number;
  signal?: AbortSignal;
};

const tries = 6;
const firstWait = 1_000;
const longestWait = 60_000;
const mostPages = 1_000;

/** Worth another try: the service is busy, or the connection broke. */
class Passing extends Error {
  readonly retryAfter: number | undefined;

  constructor(message: string, retryAfter?: number) {
    super(message);
    this.retryAfter = retryAfter;
  }
}

/** Every row of the answer to a filter, page by page. */
export async function* rowsOf(filter: string, client: Client): AsyncGenerator<Row[]> {
  let next: string | undefined = addressOf(filter, client.url);
  const seen = new Set<string>();
  while (next !== undefined) {
    // What comes from outside must neither lead us elsewhere nor round in circles.
    const address: URL | null = URL.parse(next);
    if (address?.origin !== new URL(client.url).origin) throw failure(client, 'its next page is at another address');
    if (seen.has(address.href) || seen.size === mostPages) throw failure(client, 'its pages have no end');
    seen.add(address.href);
    const page = await patiently(address.href, client);
    yield page.rows;
    next = page.next;
  }
}

/** The address as it is documented: the quotes are part of it, and a space is %20. */
function addressOf(filter: string, url: string): string {
  const query = [
    'api-version=2023-01-01-preview',
    "currencyCode='USD'",
    "meterRegion='primary'",
    `$filter=${encodeURIComponent(filter)}`,
  ];
  return `${url}?${query.join('&')}`;
}

async function patiently(address: string, client: Client): Promise<Page> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(address, client);
    } catch (error) {
      client.signal?.throwIfAborted();
      if (!(error instanceof Passing)) throw error;
      if (attempt === tries) throw failure(client, `${error.message}, ${tries} times`);
      const grown = Math.min(firstWait * 2 ** (attempt - 1), longestWait);
      const pause = error.retryAfter ?? grown * (0.5 + 0.5 * (client.random ?? Math.random)());
      if (pause > longestWait)
        throw failure(client, `${error.message} and asks to come back in ${Math.ceil(pause / 1_000)} seconds`);
      await (client.wait ?? sleep)(pause, client.signal);
    }
  }
}

async function once(address: string, client: Client): Promise<Page> {
  const { status, type, retryAfter, text } = await answerOf(address, client);
  if (status === 429 || status >= 500) throw new Passing(`it answers with ${status}`, retryAfter);
  if (status !== 200) throw failure(client, `it answers with ${status}`);
  if (!/\bjson\b/i.test(type))
    throw failure(client, `it answers with ${type || 'something'} and not with JSON: something stands in between`);
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw new Passing('its answer breaks off or is no JSON');
  }
  try {
    return pageOf(answer);
  } catch (error) {
    if (error instanceof ChangedShape)
      throw failure(client, `its answer has another shape than this version of perpetual knows: ${error.message}`);
    throw error;
  }
}

type Answer = { status: number; type: string; retryAfter: number | undefined; text: string };

async function answerOf(address: string, client: Client): Promise<Answer> {
  const { timeout = 30_000, signal } = client;
  const late = AbortSignal.timeout(timeout);
  try {
    const response = await fetch(address, {
      headers: { accept: 'application/json' },
      redirect: 'error',
      signal: signal ? AbortSignal.any([signal, late]) : late,
    });
    return {
      status: response.status,
      type: response.headers.get('content-type') ?? '',
      retryAfter: millisecondsOf(response.headers.get('retry-after')),
      text: await response.text(),
    };
  } catch (error) {
    if (late.aborted) throw new Passing(`it takes more than ${timeout / 1_000} seconds to answer`);
    throw unanswered(error, client);
  }
}

const passing: Record<string, string> = {
  ECONNRESET: 'the connection breaks off',
  EPIPE: 'the connection breaks off',
  UND_ERR_SOCKET: 'the connection breaks off',
  ETIMEDOUT: 'it does not answer',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer',
};
// Without a network another try is a wait for nothing.
const lasting: Record<string, string> = {
  ENOTFOUND: 'its name is not known here',
  EAI_AGAIN: 'its name is not known here',
  ECONNREFUSED: 'it refuses the connection',
  ENETUNREACH: 'there is no way to it',
  EHOSTUNREACH: 'there is no way to it',
};

/** Why there was no answer. What `fetch` throws says nothing; its cause does. */
function unanswered(error: unknown, client: Client): Error {
  const { code = '', message } = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
  if (passing[code]) return new Passing(passing[code]);
  const reason = /CERT|SIGNATURE|TLS|SSL/.test(code) ? 'its certificate is not trusted here' : 'there is no answer';
  return failure(client, lasting[code] ?? `${reason} (${code || message})`);
}

/** Retry-After is a number of seconds or a date. */
function millisecondsOf(retryAfter: string | null): number | undefined {
  if (retryAfter === null) return undefined;
  const milliseconds = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1_000 : Date.parse(retryAfter) - Date.now();
  return Number.isNaN(milliseconds) ? undefined : Math.max(0, milliseconds);
}

const failure = ({ url }: Client, what: string): UsageError =>
  new UsageError(`can't fetch prices from ${new URL(url).host}: ${what}`);

async function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  const { setTimeout } = await import('node:timers/promises');
  await setTimeout(milliseconds, undefined, signal && { signal });
}
