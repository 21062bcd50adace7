import type { Properties } from '../provider.ts';

/**
 * Where a type lives in Azure Resource Manager, with the SDK's argument names in braces, as in
 * `{group}/Microsoft.Network/virtualNetworks/{virtualNetworkName}`. The last argument is the resource's own name, and
 * every prefix that ends in an argument is a parent that must exist, unless that argument stands for a type.
 */
export type ArmPath = string;

const groupPath = '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}';

/** Writes out the two usual beginnings. */
const whole = (path: ArmPath): string =>
  path.replace(/^\{group\}\//, `${groupPath}/providers/`).replace(/^\{scope\}\//, '{scope}/providers/');

/** The arguments in a path, the own name last. */
export const pathArguments = (path: ArmPath): string[] =>
  [...whole(path).matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).filter((name) => name !== 'subscriptionId');

export const nameArgument = (path: ArmPath): string => pathArguments(path).at(-1) ?? '';

/** `Microsoft.Network/virtualNetworks/subnets`, from the path after its last `providers`. */
export function armType(path: ArmPath): string {
  const [, provided] = whole(path).split(/\/providers\/(?!.*\/providers\/)/);
  return provided
    ? provided
        .split('/')
        .filter((part) => !part.startsWith('{'))
        .join('/')
    : 'Microsoft.Resources/resourceGroups';
}

/** The id of a resource and of the parents above it, outermost first. */
export function idsOf(path: ArmPath, inputs: Properties, subscription: string): { id: string; parents: string[] } {
  const values: Properties = { ...inputs, subscriptionId: subscription };
  const parts = whole(path).split('/');
  const provided = parts.lastIndexOf('providers');
  const ids: string[] = [];
  const text: string[] = [];
  for (const [index, part] of parts.entries()) {
    text.push(part.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? '')));
    // After `providers/<namespace>` types and names take turns: `dnsZones/{zoneName}/{recordType}/…`.
    const isType = provided >= 0 && index > provided && (index - provided) % 2 === 0;
    if (part.startsWith('{') && part !== '{subscriptionId}' && !isType) ids.push(text.join('/').replace(/^\/\//, '/'));
  }
  return { id: ids.pop() ?? '', parents: ids };
}

export const lastPart = (id: string): string => id.slice(id.lastIndexOf('/') + 1);

/** Whether `id` is `scope` or lies in it. */
export function isUnder(id: string, scope: string): boolean {
  const [low, high] = [id.toLowerCase(), scope.toLowerCase().replace(/\/$/, '')];
  return low === high || low.startsWith(`${high}/`);
}

/** Name of the resource group an id lies in, if it lies in one. */
export const groupOf = (id: string): string | undefined => /\/resourceGroups\/([^/]+)/i.exec(id)?.[1];
export const subscriptionOf = (id: string): string | undefined => /^\/subscriptions\/([^/]+)/i.exec(id)?.[1];
