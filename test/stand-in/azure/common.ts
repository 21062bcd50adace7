import { region, regionNames } from '../../../src/catalog/regions.ts';
import type { Properties } from '../provider.ts';
import { armType, groupOf, lastPart, subscriptionOf } from './arm-path.ts';
import { badRequest, conflict, notFound } from './error.ts';
import type { ResourceType } from './resource-type.ts';
import { locationOf, normalLocation, type World } from './world.ts';

/**
 * The group and every resource above must exist before something is put into them
 * (https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-parent-resource,
 * https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-not-found).
 */
export function checkParents(world: World, type: ResourceType<unknown>, id: string, parents: readonly string[]): void {
  const group = groupOf(id);
  const subscription = subscriptionOf(id);
  if (subscription && subscription.toLowerCase() !== world.account.subscriptionId.toLowerCase()) {
    throw notFound('SubscriptionNotFound', `The subscription '${subscription}' could not be found.`);
  }
  for (const parent of parents) {
    if (/^\/subscriptions\/[^/]+$/.test(parent) || world.get(parent)) continue;
    if (group && !world.get(`/subscriptions/${world.account.subscriptionId}/resourceGroups/${group}`)) {
      throw notFound('ResourceGroupNotFound', `Resource group '${group}' could not be found.`);
    }
    if (/^\{(scope|resourceUri)\}/.test(type.path))
      throw notFound('ResourceNotFound', `The Resource '${parent}' was not found.`);
    throw notFound(
      'ParentResourceNotFound',
      `Failed to perform 'write' on resource(s) of type '${armType(type.path)}', because the parent resource '${parent}' could not be found.`,
    );
  }
}

/** https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-sku-not-available and `…/error-invalid-template`. */
export function checkLocation(type: ResourceType<unknown>, inputs: Properties, before: Properties | undefined): void {
  if (typeof inputs.location !== 'string') return;
  const location = normalLocation(inputs.location);
  const isGroup = armType(type.path) === 'Microsoft.Resources/resourceGroups';
  const isGlobal = type.location === 'global';
  const access = region(location)?.access ?? 'internal-or-staging';
  if (isGlobal ? location !== 'global' : access === 'internal-or-staging') {
    const regions = isGlobal ? 'global' : regionNames().join(',');
    throw badRequest(
      isGroup ? 'LocationNotAvailableForResourceGroup' : 'LocationNotAvailableForResourceType',
      `The provided location '${inputs.location}' is not available for resource type '${armType(type.path)}'. List of available regions for the resource type is '${regions}'.`,
    );
  }
  if (before && locationOf({ inputs: before }) !== location) {
    throw conflict(
      'InvalidResourceLocation',
      `The resource already exists in location '${before.location}'. A resource with the same name cannot be created in location '${location}'. Please select a new resource name.`,
    );
  }
}

/** https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations */
export function checkTags(type: ResourceType<unknown>, inputs: Properties): void {
  const tags = Object.entries((inputs.tags ?? {}) as Record<string, string>);
  const kind = armType(type.path);
  const most = kind === 'Microsoft.KeyVault/vaults/secrets' ? 15 : 50;
  const longestName = kind === 'Microsoft.Storage/storageAccounts' ? 128 : 512;
  if (tags.length > most)
    throw badRequest('InvalidTags', `${tags.length} tags are given; ${kind} takes at most ${most}.`);
  const seen = new Set<string>();
  for (const [name, value] of tags) {
    if (name === '' || /[<>%&\\?/]/.test(name)) {
      throw badRequest(
        'InvalidTagNameCharacters',
        `The tag names '${name}' have reserved characters '<,>,%,&,\\,?,/' or control characters.`,
      );
    }
    if (name.length > longestName)
      throw badRequest('InvalidTagName', `The tag name '${name}' exceeds ${longestName} characters.`);
    if (value.length > 256) throw badRequest('InvalidTagValue', `The value of tag '${name}' exceeds 256 characters.`);
    if (kind.startsWith('Microsoft.ContainerService/') && /^(aks-managed|k8s-azure)/i.test(name)) {
      throw badRequest('InvalidTagName', `The tag name '${name}' begins with a prefix reserved by AKS.`);
    }
    if (seen.has(name.toLowerCase()))
      throw badRequest('InvalidTagName', `The tag '${name}' is given twice; tag names ignore case.`);
    seen.add(name.toLowerCase());
  }
}

/** A resource that names another: the other must exist, in the same place. */
export function checkReference(world: World, from: { id: string; inputs: Properties }, to: string): void {
  const found = world.get(to);
  const sameRegion = !found?.inputs.location || !from.inputs.location || locationOf(found) === locationOf(from);
  if (found && sameRegion) return;
  throw badRequest(
    'InvalidResourceReference',
    `Resource ${to} referenced by resource ${from.id} was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.`,
  );
}

/** https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources */
export function checkLocks(world: World, id: string, action: 'write' | 'delete'): void {
  const locks = world.all('azure-native:authorization:ManagementLockByScope').filter((lock) => {
    const scope = String(lock.inputs.scope).toLowerCase();
    const low = id.toLowerCase();
    return low === scope || low.startsWith(`${scope}/`) || (action === 'delete' && scope.startsWith(`${low}/`));
  });
  const hard = locks.filter(
    (lock) => lock.id.toLowerCase() !== id.toLowerCase() && (action === 'delete' || lock.inputs.level === 'ReadOnly'),
  );
  if (hard.length === 0) return;
  const scopes = hard.map((lock) => lock.inputs.scope).join(',');
  throw conflict(
    'ScopeLocked',
    `The scope '${id}' cannot perform ${action} operation because following scope(s) are locked: '${scopes}'. Please remove the lock and try again. (${hard.map((lock) => lastPart(lock.id)).join(', ')})`,
  );
}
