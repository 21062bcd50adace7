import { setTimeout } from 'node:timers/promises';
import { idsOf, nameArgument, pathArguments } from './azure/arm-path.ts';
import { AzureError, conflict } from './azure/error.ts';
import { functions } from './azure/functions.ts';
import { autoname, autonamed, expected, given, own } from './azure/properties.ts';
import { type Known, known, put, remove } from './azure/request.ts';
import type { ResourceType } from './azure/resource-type.ts';
import { secondsUntilNextTry } from './azure/retries.ts';
import { type Account, normalLocation, World } from './azure/world.ts';
import type { Cloud, CloudState, Held } from './cloud.ts';
import { differences, isWithin } from './differences.ts';
import type { Fault, Faults, Operation } from './faults.ts';
import { takeTime } from './latency.ts';
import { type Asked, HalfCreated, type Properties, type Provider } from './provider.ts';
import { unknownSettings } from './settings.ts';
import { shapeFaults } from './shape-faults.ts';
import { sdkVersion } from './shapes.ts';
import { UNKNOWN } from './values.ts';

export type Settings = {
  account: Account;
  faults: Faults;
  /** Of the real time operations take; 0 = none. */
  latency: number;
};

/** How long a write stays open at least, where Azure takes one at a time: two sent together must meet. */
const writeWindowMs = 250;

/**
 * The azure-native provider over a cloud that exists only here. `check` and `diff` behave as the provider's own code
 * does (pulumi/pulumi-azure-native, `provider/pkg/provider`), `create`, `update` and `delete` as Azure behind it.
 */
export function azure(cloud: Cloud, { account, faults, latency }: Settings): Provider {
  const writing = new Set<string>();
  let defaultLocation: string | undefined;
  const world = (state: CloudState): World => new World(state, account);

  /** Asks again where the real provider does, which an operator sees as time only. */
  async function strikeBefore(on: Operation, asked: { type: string; name?: string }): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      const fault = faults.strike(on, 'before', asked);
      if (!fault) return;
      const error = faultError(fault);
      const delay = secondsUntilNextTry(error, attempt, fault.retryAfter);
      if (delay === undefined) throw error;
      if (latency > 0) await setTimeout(delay * latency * 1000);
    }
  }

  /** One write after another where Azure wants it so; a second one meanwhile is refused. */
  async function inTurn<T>(type: ResourceType<unknown>, id: string, work: () => Promise<T>): Promise<T> {
    const turn = type.oneWriteAtATimeOn;
    if (!turn) return work();
    const parent = turn.parent(id);
    const key = parent.toLowerCase();
    if (writing.has(key)) throw conflict(turn.code, turn.message(parent));
    writing.add(key);
    try {
      await setTimeout(writeWindowMs);
      return await work();
    } finally {
      writing.delete(key);
    }
  }

  async function write(on: 'create' | 'update', asked: Asked, inputs: Properties, existing?: string): Promise<Held> {
    const what: Known = await known(asked.type);
    await strikeBefore(on, asked);
    cloud.look((state) => put(world(state), what, inputs, existing)); // refused at once, not after five minutes
    const id = existing ?? idsOf(what.type.path, inputs, account.subscriptionId).id;
    const held = await inTurn(what.type, id, async () => {
      await takeTime(latency, on, asked.type);
      return cloud.change((state) => put(world(state), what, inputs, existing));
    });
    const fault = faults.strike(on, 'after', asked);
    if (fault) throw new HalfCreated([faultError(fault).message], { id: held.id, inputs, outputs: held.outputs });
    return held;
  }

  /** The provider's order: the old one, the configured one, that of the resource group. */
  function locationFor(inputs: Properties, olds: Properties | undefined): unknown {
    const { resourceGroupName: group } = inputs;
    if (olds?.location !== undefined) return olds.location;
    if (defaultLocation !== undefined) return defaultLocation;
    if (group === UNKNOWN) return UNKNOWN;
    const id = `/subscriptions/${account.subscriptionId}/resourceGroups/${group}`;
    return cloud.look((state) => world(state).get(id))?.inputs.location;
  }

  return {
    name: 'azure-native',
    version: sdkVersion('@pulumi/azure-native'),
    async checkConfig(news) {
      const failures = await unknownSettings('azure-native', news);
      // It selects the cloud: it is no label (https://www.pulumi.com/registry/packages/azure-native/installation-configuration).
      const { environment = 'public', subscriptionId } = news;
      if (!['public', 'usgovernment', 'china', UNKNOWN].includes(String(environment))) {
        failures.push({ property: 'environment', reason: `unknown environment "${environment}"` });
      }
      if (subscriptionId !== undefined && subscriptionId !== UNKNOWN && !guidPattern.test(String(subscriptionId))) {
        failures.push({ property: 'subscriptionId', reason: `"${subscriptionId}" is not a subscription id` });
      }
      return failures;
    },
    diffConfig: (olds, news) => ({ changed: Object.keys(differences(olds, news, () => false)), replaces: [] }),
    configure(settings) {
      if (typeof settings.location === 'string') defaultLocation = settings.location;
      if (typeof settings.subscriptionId === 'string') account.subscriptionId = settings.subscriptionId;
    },

    async check({ type: token, name, news, olds, seed }) {
      const { type, declaration } = await known(token);
      await strikeBefore('check', { type: token, name });
      const inputs = { ...news };
      const ownName = nameArgument(type.path);
      if (inputs[ownName] === undefined) {
        inputs[ownName] = olds?.[ownName] ?? autoname(type.autoname ?? 'random', name, seed);
        if (!olds?.[ownName] || olds[autonamed]) inputs[autonamed] = true;
      }
      const failures = shapeFaults(given(inputs), declaration.args, declaration.definitions)
        .filter(({ kind }) => kind !== 'choice')
        .map(({ path, reason }) => ({ property: path, reason }));
      const isSomewhere = declaration.args.kind === 'object' && 'location' in declaration.args.properties;
      if (isSomewhere && inputs.location === undefined) {
        const location = locationFor(inputs, olds);
        if (location === undefined) failures.push({ property: 'location', reason: locationMissing });
        else inputs.location = location;
      }
      inputs.azureApiVersion ??= declaration.apiVersion;
      return { inputs, failures };
    },

    async diff({ type: token, name, olds, news }) {
      const { type } = await known(token);
      await strikeBefore('diff', { type: token, name });
      const listed = [...pathArguments(type.path), ...(type.replaceOn ?? [])];
      // As the provider does it: what is added or taken away replaces only if it is listed itself.
      const changes = differences(olds, news, (path, kind) =>
        kind === 'update' ? isWithin(path, listed) : listed.includes(path),
      );
      const [before, after] = [normalLocation(String(olds.location)), normalLocation(String(news.location))];
      if (before === after) delete changes.location;
      // A name made by the provider is another one in the replacement; any other must be free first.
      const replaces = Object.values(changes).some((change) => change.replaces);
      return { changes, deleteBeforeReplace: replaces && !olds[autonamed] };
    },

    async create({ type, name, inputs, preview }) {
      if (preview) {
        const what = await known(type);
        return { id: '', outputs: expected(what.declaration, what.type, inputs) };
      }
      const { id, outputs } = await write('create', { type, name }, given(inputs));
      return { id, outputs };
    },

    async read({ type: token, name, id, inputs = {} }) {
      const { type } = await known(token);
      await strikeBefore('read', { type: token, name });
      const held = cloud.look((state) => world(state).get(id));
      if (!held) return undefined;
      const shown = Object.keys(inputs).length === 0 ? type.imported?.(held.inputs) : undefined;
      return { id: held.id, inputs: { ...own(inputs), ...(shown ?? held.inputs) }, outputs: held.outputs };
    },

    async update({ type, name, id, state = {}, inputs, preview }) {
      if (!preview) return { outputs: (await write('update', { type, name }, given(inputs), id)).outputs };
      const what = await known(type);
      // As the real provider: what was asked for, and of what Azure adds only that which never changes.
      const stable = Object.fromEntries(
        ['name', 'location'].flatMap((key) => (key in state ? [[key, state[key]]] : [])),
      );
      return { outputs: { ...expected(what.declaration, what.type, inputs), ...stable } };
    },

    async delete({ type: token, name, id }) {
      const { type } = await known(token);
      await strikeBefore('delete', { type: token, name });
      cloud.look((state) => remove(world(state), type, id));
      await inTurn(type, id, async () => {
        await takeTime(latency, 'delete', token);
        cloud.change((state) => remove(world(state), type, id));
      });
      faults.strike('delete', 'after', { type: token, name });
    },

    async invoke(token, args) {
      const answer = Object.hasOwn(functions, token) ? functions[token] : undefined;
      if (!answer) throw new Error(`the stand-in for azure-native has no function "${token}"`);
      await strikeBefore('invoke', { type: token });
      return cloud.look((state) => answer(world(state), args));
    },
  };
}

const guidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const locationMissing =
  "missing required property 'location'. Either set it explicitly or configure it with 'pulumi config set azure-native:location <value>'.";

function faultError({
  status = 500,
  code = 'InternalServerError',
  message = 'A fault was injected.',
}: Fault): AzureError {
  return new AzureError(status, code, message);
}
