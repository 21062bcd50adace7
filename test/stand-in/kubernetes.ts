import { guid, World } from './azure/world.ts';
import type { Settings } from './azure-native.ts';
import type { Cloud, CloudState, KubernetesObject } from './cloud.ts';
import { differences, isWithin } from './differences.ts';
import type { Fault, Operation } from './faults.ts';
import { admit } from './kubernetes/admission.ts';
import { checkChange, replacedBy } from './kubernetes/changes.ts';
import { clusterAt, loginFault, serverOf, unreachable } from './kubernetes/kubeconfig.ts';
import { dataFailures, metadataFailures } from './kubernetes/metadata.ts';
import { autonamed, idOf, named, plural, projected, shown, stored } from './kubernetes/objects.ts';
import { podFailures } from './kubernetes/pods.ts';
import { released } from './kubernetes/provisioning.ts';
import { missing, Refusal } from './kubernetes/refusal.ts';
import { rolloutFailures } from './kubernetes/rollout.ts';
import { hasUnknownPart, kindDeclaration, kindOf, schemaFailures } from './kubernetes/schema.ts';
import { serviceFailures } from './kubernetes/services.ts';
import { neverLive } from './kubernetes/unready.ts';
import { ClusterView } from './kubernetes/view.ts';
import { takeTime } from './latency.ts';
import { type Failure, HalfCreated, type Properties, type Provider } from './provider.ts';
import { unknownSettings } from './settings.ts';
import { sdkVersion } from './shapes.ts';
import { at, UNKNOWN } from './values.ts';

/**
 * The kubernetes provider over the clusters of a cloud: `check` is the API server's validation, and what would leave pods
 * waiting for ever is refused like a wait that ran out.
 */
export function kubernetes(cloud: Cloud, { account, faults, latency }: Settings): Provider {
  let settings: Properties = {};

  /** Works on the cluster of the kubeconfig, if it is there. */
  function inCluster<T>(state: CloudState, work: (view: ClusterView) => T): T {
    const world = new World(state, account);
    const cluster =
      settings.kubeconfig === undefined
        ? undefined
        : clusterAt(world, serverOf(String(settings.kubeconfig), settings.context as string | undefined));
    if (!cluster) throw new Refusal(unreachable('no such host'));
    const fault = loginFault(world, cluster, String(settings.kubeconfig), settings.context as string | undefined);
    if (fault) throw new Refusal(fault);
    return work(new ClusterView(world, cluster));
  }

  function strike(on: Operation, when: 'before' | 'after', asked: { type: string; name: string }): Fault | undefined {
    const fault = faults.strike(on, when, asked);
    if (fault && when === 'before') throw faultError(fault);
    return fault;
  }

  function apply(state: CloudState, inputs: Properties, olds?: Properties): KubernetesObject {
    return inCluster(state, (view) => {
      const object = stored(inputs);
      const before = view.get(object);
      if (!olds && (before || view.has(object.kind, object.metadata.name, object.metadata.namespace))) {
        throw new Refusal(
          `resource "${idOf(object)}" was not successfully created by the Kubernetes API server: ${plural(object.kind)} "${object.metadata.name}" already exists`,
        );
      }
      if (olds && !before) throw missing(plural(object.kind), object.metadata.name);
      if (before) checkChange(view, before, object, { olds: olds ?? {}, news: inputs });
      const admitted = admit(view, object, before);
      const generation = Number(before?.metadata.generation ?? 0) + 1;
      const uid = before?.metadata.uid ?? guid(view.cluster.id, idOf(object), object.kind);
      const result = {
        ...admitted,
        metadata: {
          ...admitted.metadata,
          uid,
          generation,
          resourceVersion: String(generation),
          creationTimestamp: `${account.today}T00:00:00Z`,
        },
      };
      view.put(result);
      return result;
    });
  }

  async function write(
    on: 'create' | 'update',
    asked: { type: string; name: string },
    inputs: Properties,
    olds?: Properties,
  ) {
    strike(on, 'before', asked);
    cloud.look((state) => apply(state, inputs, olds));
    await takeTime(latency, on, asked.type);
    const object = cloud.change((state) => apply(state, inputs, olds));
    const outputs = shown(object);
    const fault = strike(on, 'after', asked);
    const half = { id: idOf(object), inputs, outputs };
    if (fault?.pod) throw new HalfCreated(neverLive(on, object, fault.pod), half);
    if (fault) throw new HalfCreated([faultError(fault).message], half);
    return { id: idOf(object), outputs };
  }

  return {
    name: 'kubernetes',
    version: sdkVersion('@pulumi/kubernetes'),

    async checkConfig(news) {
      const failures = await unknownSettings('kubernetes', news);
      if (news.kubeconfig !== UNKNOWN) {
        try {
          serverOf(String(news.kubeconfig ?? ''), news.context as string | undefined);
        } catch (error) {
          failures.push({ property: 'kubeconfig', reason: (error as Error).message });
        }
      }
      return failures;
    },

    /** Another cluster takes all its objects along; `clusterIdentifier` says which one it is (CHANGELOG of 4.16.0). */
    diffConfig(olds, news) {
      const changed = Object.keys(differences(olds, news, () => false));
      const isNamed = olds.clusterIdentifier !== undefined && news.clusterIdentifier !== undefined;
      if (isNamed)
        return { changed, replaces: olds.clusterIdentifier === news.clusterIdentifier ? [] : ['clusterIdentifier'] };
      const isKnown = news.kubeconfig !== UNKNOWN && olds.kubeconfig !== UNKNOWN;
      const moved =
        isKnown &&
        changed.includes('kubeconfig') &&
        serverOf(String(olds.kubeconfig)) !== serverOf(String(news.kubeconfig));
      return { changed, replaces: moved ? ['kubeconfig'] : [] };
    },

    configure(given) {
      settings = given;
    },

    async check({ type: token, name, news, olds, seed }) {
      strike('check', 'before', { type: token, name });
      const declaration = await kindDeclaration(token);
      const { apiVersion, kind } = kindOf(token);
      if (!declaration)
        return {
          inputs: news,
          failures: [{ property: 'kind', reason: `no matches for kind "${kind}" in version "${apiVersion}"` }],
        };
      const failures: Failure[] = [];
      for (const [key, expected] of Object.entries({ apiVersion, kind })) {
        if (news[key] !== expected)
          failures.push({
            property: key,
            reason: `${key} must be "${expected}" for ${token}, and is ${JSON.stringify(news[key])}`,
          });
      }
      const inputs = named(news, kind, name, olds, seed);
      failures.push(...(await schemaFailures(token, inputs, declaration)));
      // The finer rules read fields the schema vouches for.
      if (failures.length === 0 && !hasUnknownPart(inputs, declaration))
        failures.push(
          ...metadataFailures(kind, inputs),
          ...dataFailures(kind, inputs),
          ...podFailures(kind, inputs),
          ...rolloutFailures(kind, inputs),
          ...serviceFailures(kind, inputs),
        );
      return { inputs, failures };
    },

    async diff({ type: token, name, olds, news }) {
      strike('diff', 'before', { type: token, name });
      const listed = replacedBy(kindOf(token).kind, settings);
      const changes = differences(olds, news, (path) => isWithin(path, listed));
      const sameName =
        at(olds, ['metadata', 'name']) === at(news, ['metadata', 'name']) &&
        at(olds, ['metadata', 'namespace']) === at(news, ['metadata', 'namespace']);
      const isAutonamed = at(olds, ['metadata', 'annotations', autonamed]) === 'true';
      return {
        changes,
        deleteBeforeReplace: sameName && !isAutonamed && Object.values(changes).some((change) => change.replaces),
      };
    },

    async create({ type, name, inputs, preview }) {
      if (preview) return { id: '', outputs: { ...inputs, ...('status' in inputs ? {} : { status: UNKNOWN }) } };
      return write('create', { type, name }, inputs);
    },

    async read({ type, name, id, inputs }) {
      strike('read', 'before', { type, name });
      const [first = '', second] = id.split('/');
      const [namespace, own] = second === undefined ? [undefined, first] : [first, second];
      const { apiVersion, kind } = kindOf(type);
      const object = cloud.look((state) =>
        inCluster(state, (view) =>
          view.get({ apiVersion, kind, metadata: { name: own, ...(namespace && { namespace }) } }),
        ),
      );
      if (!object) return undefined;
      const outputs = shown(object);
      const isKnown = inputs !== undefined && Object.keys(inputs).length > 0;
      return { id, inputs: isKnown ? (projected(inputs, outputs) as Properties) : outputs, outputs };
    },

    async update({ type, name, olds, inputs, preview }) {
      if (preview) return { outputs: { ...inputs, status: UNKNOWN } };
      return write('update', { type, name }, inputs, olds);
    },

    async delete({ type, name, id }) {
      strike('delete', 'before', { type, name });
      await takeTime(latency, 'delete', type);
      const [first = '', second] = id.split('/');
      const { apiVersion, kind } = kindOf(type);
      try {
        cloud.change((state) =>
          inCluster(state, (view) => {
            const metadata = second === undefined ? { name: first } : { namespace: first, name: second };
            const gone = { apiVersion, kind, metadata };
            const below = kind === 'Namespace' ? view.inNamespace(first) : [];
            for (const object of [...below, view.get(gone)]) released(view, object);
            for (const object of [...below, gone]) view.remove(object);
          }),
        );
      } catch (error) {
        if (!(error instanceof Refusal) || String(settings.deleteUnreachable) !== 'true') throw error;
      }
      strike('delete', 'after', { type, name });
    },

    async invoke(token) {
      throw new Error(`the stand-in for kubernetes has no function "${token}"`);
    },
  };
}

const faultError = ({ code = 'InternalError', message = 'A fault was injected.' }: Fault): Error =>
  new Refusal(`${code}: ${message}`);
