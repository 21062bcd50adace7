import type { TokenCredential } from '@azure/core-auth';
import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpMethods,
  isRestError,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import { UsageError } from '../files.ts';
import { version } from '../version.ts';

/** What became of a question: an answer, that there is no such thing, or why nobody knows. */
export type Answer<T> = { is: 'there'; value: T } | { is: 'absent' } | { is: 'unknown'; because: string };

export type ArmOptions = {
  credential: TokenCredential;
  /** Azure's resource manager, or what stands in for it. */
  endpoint: string;
  /** How long all questions together may take, waiting to be let in again included. */
  timeoutMs: number;
  /** Ends them before. */
  signal?: AbortSignal;
};

const publicEndpoint = 'https://management.azure.com';
const mostPages = 200;

/** Where Azure is asked: a proxy of its resource manager can stand in its place, if nobody can read the token on the way. */
export function endpointOf({ PERPETUAL_AZURE_ENDPOINT: given }: NodeJS.ProcessEnv): string {
  if (given && URL.parse(given)?.protocol !== 'https:')
    throw new UsageError(`PERPETUAL_AZURE_ENDPOINT is "${given}"; expected an address with https://`);
  return given || publicEndpoint;
}

/** Azure's resource manager for questions: nothing is ever changed by them. */
export class Arm {
  readonly #send: (method: HttpMethods, url: string, body?: unknown) => Promise<PipelineResponse>;
  readonly #endpoint: string;
  readonly #host: string;
  readonly #seconds: number;
  readonly #signal: AbortSignal | undefined;
  readonly #lists = new Map<string, Promise<Answer<unknown[]>>>();

  constructor({ credential, endpoint, timeoutMs, signal }: ArmOptions) {
    const pipeline = createPipelineFromOptions({
      userAgentOptions: { userAgentPrefix: `perpetual/${version}` },
      // Retry-After counts before these; whatever it asks for, the time for all questions ends it.
      retryOptions: { maxRetries: 3, retryDelayInMs: 500, maxRetryDelayInMs: 10_000 },
      redirectOptions: { maxRetries: 0 },
    });
    pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: `${publicEndpoint}/.default` }));
    const client = createDefaultHttpClient();
    const abortSignal = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])]);
    this.#endpoint = endpoint.replace(/\/$/, '');
    this.#host = new URL(endpoint).host;
    this.#seconds = timeoutMs / 1000;
    this.#signal = signal;
    this.#send = (method, url, body) =>
      pipeline.sendRequest(
        client,
        createPipelineRequest({
          ...{ method, url, abortSignal },
          headers: createHttpHeaders({ accept: 'application/json', 'content-type': 'application/json' }),
          ...(body !== undefined && { body: JSON.stringify(body) }),
        }),
      );
  }

  get<T>(path: string, apiVersion: string): Promise<Answer<T>> {
    return this.#ask('GET', this.#urlOf(path, apiVersion));
  }

  /** Azure asks about names by POST, and changes nothing by it. */
  post<T>(path: string, apiVersion: string, body: unknown): Promise<Answer<T>> {
    return this.#ask('POST', this.#urlOf(path, apiVersion), body);
  }

  /** All pages of a list; several questions may want the same one. */
  list<T>(path: string, apiVersion: string, query: Record<string, string> = {}): Promise<Answer<T[]>> {
    const url = this.#urlOf(path, apiVersion, query);
    const known = this.#lists.get(url) ?? this.#pages(url);
    this.#lists.set(url, known);
    return known as Promise<Answer<T[]>>;
  }

  async #pages<T>(first: string): Promise<Answer<T[]>> {
    const all: T[] = [];
    let next: string | undefined = first;
    for (let page = 0; next !== undefined; page++) {
      // What comes from outside must neither lead the token elsewhere nor round in circles.
      if (page === mostPages || URL.parse(next)?.host !== this.#host)
        return { is: 'unknown', because: 'the next page of the answer is not where it belongs' };
      const answer: Answer<{ value?: T[]; nextLink?: string | null }> = await this.#ask('GET', next);
      if (answer.is !== 'there') return answer;
      if (!Array.isArray(answer.value.value)) return { is: 'unknown', because: 'the answer is no list' };
      all.push(...answer.value.value);
      next = answer.value.nextLink || undefined;
    }
    return { is: 'there', value: all };
  }

  #urlOf(path: string, apiVersion: string, query: Record<string, string> = {}): string {
    const words = Object.entries({ 'api-version': apiVersion, ...query });
    return `${this.#endpoint}${path}?${words.map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join('&')}`;
  }

  async #ask<T>(method: HttpMethods, url: string, body?: unknown): Promise<Answer<T>> {
    let response: PipelineResponse;
    try {
      response = await this.#send(method, url, body);
    } catch (error) {
      throw this.#unanswered(error);
    }
    const { status, bodyAsText } = response;
    const parsed = jsonOf(bodyAsText);
    if (status === 200)
      return parsed === undefined
        ? { is: 'unknown', because: 'the answer is no JSON' }
        : { is: 'there', value: parsed as T };
    if (status === 401) throw new UsageError(`Azure does not accept the login: ${errorOf(parsed).code ?? status}`, 3);
    if (status === 404) return { is: 'absent' };
    return { is: 'unknown', because: becauseOf(status, errorOf(parsed)) };
  }

  #unanswered(error: unknown): unknown {
    if (error instanceof UsageError) return error;
    const { name, message } = error as Error;
    if (this.#signal?.aborted) return new UsageError('nobody waited for the answer', 8);
    if (name === 'AbortError' || name === 'TimeoutError')
      return new UsageError(`${this.#host} took more than ${this.#seconds} seconds to answer`, 9);
    if (
      /^(AuthenticationError|AggregateAuthenticationError|CredentialUnavailableError|AuthenticationRequiredError)$/.test(
        name,
      )
    )
      return new UsageError(`not logged in to Azure: ${firstLine(message)}`, 3);
    if (isRestError(error)) return new UsageError(`can't ask ${this.#host}: ${error.code ?? firstLine(message)}`);
    return error;
  }
}

type ArmError = { code?: string; message?: string };

const errorOf = (body: unknown): ArmError => {
  const error: unknown = (body as { error?: unknown } | undefined)?.error;
  return typeof error === 'object' && error !== null ? (error as ArmError) : {};
};

/** Which right is missing, which Azure says between the names of whoever asked; those are nobody's business. */
function becauseOf(status: number, { code, message = '' }: ArmError): string {
  const [, action] = /perform action '([\w./*-]+)'/.exec(message) ?? [];
  if (status === 403)
    return action === undefined ? `it is forbidden (${code ?? status})` : `it takes the right ${action}`;
  return `Azure answers with ${status}${code === undefined ? '' : ` ${code}`}`;
}

function jsonOf(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

const firstLine = (text: string): string => text.trim().split('\n')[0] ?? '';
