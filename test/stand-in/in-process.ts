import { type ExprBody, isExpr } from '../../src/expr.ts';
import type { Plan, Resource } from '../../src/plan.ts';
import { kubeconfigOf } from '../../src/pulumi/kubeconfig.ts';
import type { Account } from './azure/world.ts';
import { azure } from './azure-native.ts';
import type { Cloud, CloudState } from './cloud.ts';
import { fromEnvironment } from './environment.ts';
import { kubernetes } from './kubernetes.ts';
import type { Properties, Provider } from './provider.ts';
import { plant, type Seed } from './seed.ts';
import { at } from './values.ts';

export type Deployed = { type: string; id: string; inputs: Properties; outputs: Properties };

export type Frozen = { state: CloudState; resources: Map<string, Deployed> };

/** A plan put into a cloud without an engine: resource by resource, in the plan's order. */
export class Deployment {
  readonly cloud: Cloud;
  readonly azure: Provider;
  readonly kubernetes: Provider;
  readonly resources = new Map<string, Deployed>();
  readonly #secrets: Record<string, string>;
  readonly #account: Account;

  constructor(environment: Record<string, string> = {}, secrets: Record<string, string> = {}) {
    const { cloud, settings } = fromEnvironment(environment);
    this.cloud = cloud;
    this.azure = azure(cloud, settings);
    this.kubernetes = kubernetes(cloud, settings);
    this.#secrets = secrets;
    this.#account = settings.account;
  }

  /** Puts what was there before the plan into the cloud. */
  async seed(...seeds: Seed[]): Promise<void> {
    await plant(this.cloud, this.#account, seeds);
  }

  /** Deploys the plan, or its resources before the one called `until`. */
  async deploy(plan: Plan, until?: string): Promise<void> {
    for (const resource of plan.resources) {
      if (resource.name === until) return;
      await this.create(resource);
    }
  }

  async create({ type, name, inputs }: Pick<Resource, 'name' | 'inputs'> & { type: string }): Promise<Deployed> {
    const news = (await this.resolve(inputs)) as Properties;
    if (type.startsWith('pulumi:providers:')) {
      const provider = type === 'pulumi:providers:kubernetes' ? this.kubernetes : this.azure;
      refuse(name, await provider.checkConfig(news));
      provider.configure(news);
      return { type, id: name, inputs: news, outputs: news };
    }
    const checked = await this.provider(type).check({ type, name, news });
    refuse(name, checked.failures);
    const created = await this.provider(type).create({ type, name, inputs: checked.inputs });
    const deployed = { type, inputs: checked.inputs, ...created };
    this.resources.set(name, deployed);
    return deployed;
  }

  /** What an update with these inputs would do, and does unless it is a replacement. */
  async update(
    name: string,
    edited: Properties,
  ): Promise<{ replaces: string[]; changes: string[]; outputs?: Properties }> {
    const { type, id, inputs: olds } = this.#get(name);
    const news = (await this.resolve(edited)) as Properties;
    const { inputs, failures } = await this.provider(type).check({ type, name, news, olds });
    refuse(name, failures);
    const { changes } = await this.provider(type).diff({ type, name, olds, news: inputs });
    const replaces = Object.keys(changes).filter((path) => changes[path]?.replaces);
    if (replaces.length > 0) return { replaces, changes: Object.keys(changes) };
    const { outputs } = await this.provider(type).update({ type, name, id, olds, inputs });
    return { replaces, changes: Object.keys(changes), outputs };
  }

  /** The cloud and what is known of it, to come back to. */
  freeze(): Frozen {
    return { state: this.cloud.look((state) => state), resources: new Map(this.resources) };
  }

  thaw({ state, resources }: Frozen): void {
    this.cloud.change((current) => Object.assign(current, structuredClone(state)));
    this.resources.clear();
    for (const [name, deployed] of resources) this.resources.set(name, deployed);
  }

  async delete(name: string): Promise<void> {
    const { type, id } = this.#get(name);
    await this.provider(type).delete({ type, name, id });
  }

  provider(type: string): Provider {
    return type.startsWith('kubernetes:') ? this.kubernetes : this.azure;
  }

  /** The values of a plan's expressions, now that what they refer to exists. */
  async resolve(value: unknown): Promise<unknown> {
    if (Array.isArray(value)) return Promise.all(value.map((item) => this.resolve(item)));
    if (typeof value !== 'object' || value === null) return value;
    if (isExpr(value)) return this.#evaluate(value.$);
    const given = Object.entries(value).filter(([, part]) => part !== undefined);
    const parts = given.map(async ([key, part]) => [key, await this.resolve(part)]);
    return Object.fromEntries(await Promise.all(parts));
  }

  async #evaluate(body: ExprBody): Promise<unknown> {
    if ('ref' in body) {
      const { id, outputs } = this.#get(body.ref);
      return body.output === 'id' ? id : at(outputs, body.output.split('.'));
    }
    if ('secret' in body) return this.#secrets[body.secret] ?? body.secret;
    if ('concat' in body) return ((await this.resolve(body.concat)) as unknown[]).join('');
    if ('json' in body) return JSON.stringify(await this.resolve(body.json));
    if ('base64' in body) return Buffer.from(String(await this.resolve(body.base64))).toString('base64');
    const args = 'args' in body ? ((await this.resolve(body.args)) as Properties) : {};
    const answer = await this.azure.invoke(body.invoke, args);
    if (body.output !== 'kubeconfig') return answer[body.output];
    return kubeconfigOf(String(at(answer, ['kubeconfigs', 0, 'value'])));
  }

  #get(name: string): Deployed {
    const found = this.resources.get(name);
    if (!found) throw new Error(`"${name}" is not deployed`);
    return found;
  }
}

function refuse(name: string, failures: readonly { reason: string }[]): void {
  if (failures.length > 0) throw new Error(`${name}: ${failures.map(({ reason }) => reason).join('; ')}`);
}
