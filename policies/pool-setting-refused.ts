import { type Pool, poolsOf } from '../src/policy/node-pools.ts';
import { definePolicy, type Finding } from '../src/policy/policy.ts';
import { isPresent, number, object, text } from '../src/views.ts';

export default definePolicy({
  id: 'pool-setting-refused',
  title: 'a node pool must have only settings that AKS takes',
  why: 'Azure refuses the pool, and with it the cluster it belongs to',
  fix: 'stay within the limits that the message names',
  source: 'https://learn.microsoft.com/azure/aks/create-node-pools',
  example: { wrong: '{ name: System-1, maxPods: 5 }', right: '{ name: system1, maxPods: 40 }' },
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: false,
  resource: {
    *'azure-native:containerservice:ManagedCluster'(resource) {
      for (const pool of poolsOf(resource)) yield* judge(pool, 'name');
    },
    *'azure-native:containerservice:AgentPool'(resource) {
      for (const pool of poolsOf(resource)) yield* judge(pool, 'agentPoolName');
    },
  },
});

/** The limits of numbers; 0 stands for the default where it is allowed beside them. */
const limits: readonly [input: string, least: number, most: number, unit: string, orZero?: true][] = [
  ['osDiskSizeGB', 30, 2048, 'GiB', true],
  ['maxPods', 10, 250, 'pods'],
  ['upgradeSettings.drainTimeoutInMinutes', 1, 1440, 'minutes'],
  ['upgradeSettings.nodeSoakDurationInMinutes', 0, 30, 'minutes'],
];

function* judge({ inputs, at, isSystem }: Pool, nameInput: string): Generator<Finding> {
  const name = text(inputs[nameInput]);
  const isWindows = text(inputs.osType)?.toLowerCase() === 'windows';
  const longest = isWindows ? 6 : 12;
  if (name !== undefined && (!/^[a-z][a-z0-9]*$/.test(name) || name.length > longest))
    yield {
      input: at + nameInput,
      message: `"${name}" can't be the name of a pool: up to ${longest} lower-case letters and digits, a letter first`,
    };
  for (const [input, least, most, unit, orZero] of limits) {
    const value = number(valueAt(inputs, input));
    if (value === undefined || (value >= least && value <= most) || (orZero && value === 0)) continue;
    yield { input: at + input, message: `${value} is outside ${least} to ${most} ${unit}` };
  }
  const isSpot = text(inputs.scaleSetPriority)?.toLowerCase() === 'spot';
  if (isSystem && isWindows) yield { input: `${at}osType`, message: 'a system pool runs on Linux' };
  const price = number(inputs.spotMaxPrice);
  if (isSpot && price !== undefined && price !== -1 && price <= 0)
    yield { input: `${at}spotMaxPrice`, message: `${price} is no price: -1 for the usual one, or more than 0` };
  const { maxSurge, maxUnavailable } = object(inputs.upgradeSettings);
  if (isNothing(maxSurge) && (!isPresent(maxUnavailable) || isNothing(maxUnavailable)))
    yield {
      input: `${at}upgradeSettings.maxSurge`,
      message: 'an upgrade that may neither add nor take away a node can not begin',
    };
}

const isNothing = (value: unknown): boolean => /^0%?$/.test(text(value) ?? '');

const valueAt = (inputs: Record<string, unknown>, path: string): unknown =>
  path.split('.').reduce<unknown>((value, key) => object(value)[key], inputs);
