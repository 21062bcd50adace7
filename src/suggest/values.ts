import { meetsSystemMinimum } from '../catalog/choose-size.ts';
import { kubernetesVersions } from '../catalog/kubernetes-versions.ts';
import { linuxVm } from '../catalog/prices.ts';
import { region, regionNames } from '../catalog/regions.ts';
import { vmSize, vmSizeNames } from '../catalog/vm-sizes.ts';
import { hoursPerMonth } from '../cost/item.ts';
import type { Policy } from '../policy/policy.ts';

/** A value that a key can have, with what speaks for it: `2 vCPU, 8 GiB, 62.78 USD/month`. */
export type Suggestion = { value: string; detail: string };

export type Asker = {
  /** The region whose prices count. */
  region: string;
  policies: readonly Policy[];
};

const everybody = { value: 'internet', detail: 'everybody' };
const inside = { value: 'cluster', detail: 'pods of the cluster' };
const range = { value: '203.0.113.0/24', detail: 'a range of addresses' };

type Source = (asker: Asker) => Suggestion[];

/** By the path of the key, with `[]` for an item. What the schema itself lists is not repeated here. */
const sources: Readonly<Record<string, Source>> = {
  'azure.region': regions,
  'cluster.kubernetesVersion': versions,
  'cluster.nodePool.vmSize': sizes,
  'cluster.pools[].vmSize': sizes,
  'network.expose.swarm.from[]': () => [everybody, inside, range],
  'network.expose.gateway.from[]': () => [inside, range, everybody],
  // Anything public would be a finding.
  'network.expose.api.from[]': () => [inside],
  'policies.waivers[].policy': ({ policies }) =>
    policies.filter(({ waivable }) => waivable).map(({ id, title }) => ({ value: id, detail: title })),
};

/** The values known for a key of the spec, the best first; none where the schema says all there is to say. */
export const suggestionsFor = (path: string, asker: Asker): Suggestion[] => sources[path]?.(asker) ?? [];

/** The keys that a mapping with free names can have. */
export const keysFor = (path: string, { policies }: Asker): Suggestion[] =>
  path === 'policies.levels' ? policies.map(({ id, title }) => ({ value: id, detail: title })) : [];

export const suggestedPaths = (): readonly string[] => Object.keys(sources);

function regions(): Suggestion[] {
  return regionNames().flatMap((name) => {
    const known = region(name);
    if (!known || known.access === 'internal-or-staging') return [];
    const zones = known.zones.length > 0 ? `${known.zones.length} zones` : 'no zones';
    const access = known.access === 'restricted' ? ', on request only' : '';
    return [{ value: name, detail: `${known.displayName}, ${zones}${access}` }];
  });
}

function versions(): Suggestion[] {
  return [...kubernetesVersions()]
    .reverse()
    .flatMap(({ minor, gaDate, communityEol, ltsEol }) =>
      gaDate === null
        ? []
        : [{ value: minor, detail: `supported until ${communityEol}, with long-term support until ${ltsEol}` }],
    );
}

/** What can be a node of any pool, the cheapest first; those without a price there come last. */
function sizes({ region: place }: Asker): Suggestion[] {
  return vmSizeNames()
    .flatMap((name) => {
      const size = vmSize(name);
      if (!size || size.aksRestricted || size.burstable || size.retires || !meetsSystemMinimum(size)) return [];
      const hourly = linuxVm(place, name);
      return [{ size, usd: hourly && hourly.usd * hoursPerMonth }];
    })
    .sort((a, b) => (a.usd ?? Number.POSITIVE_INFINITY) - (b.usd ?? Number.POSITIVE_INFINITY))
    .map(({ size: { name, vcpu, memoryGiB, arch }, usd }) => ({
      value: name,
      detail: `${vcpu} vCPU, ${memoryGiB} GiB${arch === 'arm64' ? ', ARM64' : ''}, ${usd === undefined ? 'no price known' : `${usd.toFixed(2)} USD/month`}`,
    }));
}
