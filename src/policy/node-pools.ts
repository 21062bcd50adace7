import { cheapestSystemSize } from '../catalog/choose-size.ts';
import { linuxVm } from '../catalog/prices.ts';
import { hoursPerMonth } from '../cost/item.ts';
import type { Resource } from '../plan.ts';
import { items, object, text } from '../views.ts';
import type { Finding, PolicyContext } from './policy.ts';

/** The system pools a cluster or an agent pool declares whose size is known, with the input that says it. */
export function* systemPools({ type, inputs }: Resource): Generator<{ vmSize: string; input: string }> {
  const pools =
    type === 'azure-native:containerservice:AgentPool'
      ? [{ pool: inputs, at: '' }]
      : items(inputs.agentPoolProfiles).map((each, index) => ({
          pool: object(each),
          at: `agentPoolProfiles[${index}].`,
        }));
  for (const { pool, at } of pools) {
    const vmSize = text(pool.vmSize);
    if (vmSize !== undefined && text(pool.mode) === 'System') yield { vmSize, input: `${at}vmSize` };
  }
}

/** The cheapest size that would do in the region, with its price and the difference to the present one. */
export function offerLarger(
  name: string,
  resource: Resource,
  context: PolicyContext,
): Pick<Finding, 'help' | 'suggestion'> {
  const region = context.regionOf(resource);
  const better = region === undefined ? undefined : cheapestSystemSize(region);
  if (!better || region === undefined) return {};
  const now = linuxVm(region, name)?.usd;
  const difference = now === undefined ? '' : ` (${signed((better.usdPerHour - now) * hoursPerMonth)})`;
  return {
    help: `${better.name}, ${(better.usdPerHour * hoursPerMonth).toFixed(2)} USD/month${difference}`,
    suggestion: { value: better.name, safe: false },
  };
}

const signed = (usd: number): string => `${usd < 0 ? '-' : '+'}${Math.abs(usd).toFixed(2)}`;

/** What every pool of the program says of itself, inside its cluster or beside it. */
export const poolInputs = (resources: readonly Resource[]): Record<string, unknown>[] =>
  resources.flatMap(({ type, inputs }) =>
    type === 'azure-native:containerservice:AgentPool' ? [inputs] : items(inputs.agentPoolProfiles).map(object),
  );
