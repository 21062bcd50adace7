import { keyVaultOperations } from '../catalog/prices.ts';
import type { Resource } from '../plan.ts';
import { items, number, object, referenceOf, text } from '../views.ts';
import { clusterType } from './cluster.ts';
import { type CostContext, type Coster, hoursPerWeek, item, monthly } from './item.ts';

const driver = 'secrets-store.csi.k8s.io';
const manyOperations = 100_000;

/** A vault costs what is asked of it: every start of a pod reads its secrets once, and rotation asks again and again. */
export const vault: Coster = function* (resource, context) {
  const { usage, resources, region } = context;
  const place = region(resource);
  if (place === undefined) return;
  const secrets = resources.filter(({ type }) => type === 'azure-native:keyvault:Secret').length;
  const readers = readersOf(resources, secrets);
  const reads = readers.reduce((sum, { pods, objects }) => sum + pods * objects, 0);
  const polls = pollsOf(context);
  const polled = readers.reduce((sum, { pods, objects, isMounted }) => sum + (isMounted ? pods * objects : 0), 0);
  const operations = reads * usage.podStarts + polled * polls.perMonth;
  yield item(
    {
      name: 'Key Vault operations',
      detail: `${reads} secrets read at each of ${usage.podStarts} starts${polled && polls.perMonth ? `, ${polled} asked for again every ${polls.interval}` : ''}`,
      resource: resource.name,
      input: 'properties.sku.name',
      quantity: operations / 10_000,
      assumes: ['usage.podStarts'],
      unit: '10k operations',
      meter: 'Operations',
      ...(operations > manyOperations && {
        note: `more than ${manyOperations} operations a month: secrets that are read only when a pod starts need a few`,
      }),
    },
    keyVaultOperations(place),
  );
};

type Reader = { pods: number; objects: number; isMounted: boolean };

/** The workloads that read the vault, by the secrets store driver or by a container of their own. */
function readersOf(resources: readonly Resource[], secrets: number): Reader[] {
  const readers = resources.flatMap(({ type, inputs }): Reader[] => {
    if (type !== 'kubernetes:apps/v1:StatefulSet' && type !== 'kubernetes:apps/v1:Deployment') return [];
    const { replicas, template } = object(inputs.spec);
    const pod = object(object(template).spec);
    const pods = number(replicas) ?? 1;
    const mounted = items(pod.volumes)
      .map((volume) => object(object(volume).csi))
      .filter((csi) => csi.driver === driver)
      .map((csi) => objectsOf(resources, referenceOf(object(csi.volumeAttributes).secretProviderClass)) ?? secrets);
    if (mounted.length > 0) return [{ pods, objects: mounted.reduce((a, b) => a + b), isMounted: true }];
    const fetches = items(pod.initContainers).some((container) =>
      items(object(container).args).some((argument) => text(argument)?.includes('az keyvault secret')),
    );
    return fetches ? [{ pods, objects: secrets, isMounted: false }] : [];
  });
  // Nobody keeps secrets that nobody reads: where the plan does not show who, it is one pod.
  return readers.length > 0 ? readers : [{ pods: 1, objects: secrets, isMounted: true }];
}

/** How many objects a class mounts. */
function objectsOf(resources: readonly Resource[], name: string | undefined): number | undefined {
  const { parameters } = object(resources.find((each) => each.name === name)?.inputs.spec);
  return text(object(parameters).objects)?.split('objectName:').slice(1).length;
}

/** How often the driver asks for each secret of each pod, while the cluster runs. */
function pollsOf({ resources, running }: CostContext): { perMonth: number; interval: string } {
  const cluster = resources.find(({ type }) => type === clusterType);
  const { enabled, config } = object(object(cluster?.inputs.addonProfiles).azureKeyvaultSecretsProvider);
  const { enableSecretRotation, rotationPollInterval } = object(config);
  // What the driver takes when nothing is said: csi-secrets-store-configuration-options.md.
  const interval = text(rotationPollInterval) ?? '2m';
  const minutes = minutesIn(interval);
  if (enabled !== true || text(enableSecretRotation) !== 'true' || !cluster || !minutes)
    return { perMonth: 0, interval };
  const hours = monthly(running.get(cluster.name) ?? hoursPerWeek);
  return { perMonth: (hours * 60) / minutes, interval };
}

/** A duration as Go writes it, `1h30m`, in minutes. */
function minutesIn(duration: string): number {
  const minutesOf: Record<string, number> = { h: 60, m: 1, s: 1 / 60 };
  return [...duration.matchAll(/([\d.]+)([hms])/g)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * (minutesOf[unit as string] as number),
    0,
  );
}
