import { linuxVm, publicIPv4, vmPriceRegions } from '../../catalog/prices.ts';
import { region } from '../../catalog/regions.ts';
import type { Lever, Premises } from '../lever.ts';

/** How many of the cheapest are looked at: each is compiled. */
const looked = 5;

/** The last resort: everything is made anew somewhere else. By what the nodes cost there; the rest follows by compiling. */
export function regionLever({ spec }: Premises): Lever {
  const { name: here, geography } = region(spec.azure.region) ?? { name: spec.azure.region, geography: '' };
  const pools = [spec.cluster.nodePool, ...spec.cluster.pools];
  const nodesIn = (name: string): number =>
    pools.reduce((sum, { vmSize, count, autoscale }) => {
      const price = linuxVm(name, vmSize);
      return sum + (price && !price.suspect ? price.usd : Number.POSITIVE_INFINITY) * (autoscale?.max ?? count);
    }, 0);
  return (
    vmPriceRegions()
      .map((name) => ({ name, usd: nodesIn(name), facts: region(name) }))
      .filter(({ name, usd, facts }) => name !== here && Number.isFinite(usd) && facts?.access === 'open')
      // Every cluster has an address; of most regions the catalog has the price of nodes and of nothing else.
      .filter(({ name }) => publicIPv4(name) !== undefined)
      .sort((a, b) => a.usd - b.usd || (a.name < b.name ? -1 : 1))
      .slice(0, looked)
      .map(({ name, facts }) => {
        const isNear = facts?.geography === geography;
        const where = `${here} -> ${name}${isNear ? '' : `, in ${facts?.geography}`}`;
        const change = {
          path: 'azure.region',
          to: name,
          loses: `another region (${where}): everything is made anew there, and what is stored has to be moved`,
          weight: isNear ? 8 : 9,
          condition: 'on a deployed environment every resource is replaced, the address and the disk among them',
        };
        return { changes: [change] };
      })
  );
}
