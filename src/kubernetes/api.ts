import { type RequestOptions, request } from 'node:https';
// The credentials alone: with the whole package come hundreds of models and a client of its own.
import { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import { version } from '../version.ts';
import { logIn } from './login.ts';
import { Unanswered } from './unanswered.ts';

/** More than that is no answer to what is asked here. */
const mostBytes = 4 * 1024 * 1024;

/** The API server that a kubeconfig leads to, for questions: nothing is ever changed by them. */
export class Api {
  readonly #server: string;
  readonly #options: RequestOptions;
  readonly #signal: AbortSignal;
  readonly #token: string | undefined;

  private constructor(server: string, options: RequestOptions, signal: AbortSignal, token: string | undefined) {
    this.#server = server;
    this.#options = options;
    this.#signal = signal;
    this.#token = token;
  }

  /** Logs in as the kubeconfig says; the signal ends that and every question. */
  static async open(kubeconfig: string, signal: AbortSignal): Promise<Api> {
    const config = new KubeConfig();
    const headers: Record<string, string> = {};
    const options: RequestOptions = { headers };
    try {
      config.loadFromString(kubeconfig);
    } catch {
      throw new Unanswered("its kubeconfig can't be read");
    }
    const [cluster, user] = [config.getCurrentCluster(), config.getCurrentUser()];
    if (!cluster || !user) throw new Unanswered('its kubeconfig names no cluster, or nobody who may enter');
    if (user.exec) {
      await logIn(user, options, signal);
      config.loadFromClusterAndUser(cluster, { name: user.name });
    }
    try {
      await config.applyToHTTPSOptions(options);
    } catch {
      throw new Unanswered("its kubeconfig can't be used");
    }
    return new Api(cluster.server, options, signal, headers.Authorization?.replace(/^Bearer /, ''));
  }

  /** The items of a list; `what` is what whoever asks may lack the right to read. */
  async list<T>(what: string, path: string, query: Record<string, string>): Promise<T[]> {
    const answer = await this.text(what, path, query);
    let items: unknown;
    try {
      items = (JSON.parse(answer) as { items?: unknown } | null)?.items;
    } catch {
      throw new Unanswered('its answer is no JSON');
    }
    if (!Array.isArray(items)) throw new Unanswered('its answer is no list');
    return items;
  }

  async text(what: string, path: string, query: Record<string, string>): Promise<string> {
    const words = new URLSearchParams(query);
    const { status, body } = await this.#ask(`${this.#server}${path}?${words}`);
    if (status === 401) throw new Unanswered('it does not accept the login', status);
    if (status === 403) throw new Unanswered(`whoever asks may not read ${what}`, status);
    if (status !== 200) throw new Unanswered(`it answers with ${status}`, status);
    return this.#token ? body.replaceAll(this.#token, '[secret]') : body;
  }

  #ask(url: string): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
      const failed = (error: NodeJS.ErrnoException): void =>
        reject(this.#signal.aborted ? error : new Unanswered(`it can't be reached from here (${error.code ?? 'no'})`));
      const options = { ...this.#options, signal: this.#signal };
      const headers = {
        ...this.#options.headers,
        accept: 'application/json, */*',
        'user-agent': `perpetual/${version}`,
      };
      const asked = request(url, { ...options, headers }, (response) => {
        let [body, bytes] = ['', 0];
        response.setEncoding('utf8');
        response.on('data', (part: string) => {
          body += part;
          bytes += part.length;
          if (bytes <= mostBytes) return;
          reject(new Unanswered('its answer is too long'));
          asked.destroy();
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
        response.on('error', failed);
      });
      asked.on('error', failed);
      asked.end();
    });
  }
}
