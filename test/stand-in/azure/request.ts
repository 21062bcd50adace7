import type { Held } from '../cloud.ts';
import type { Properties } from '../provider.ts';
import { shapeFaults } from '../shape-faults.ts';
import { type Declaration, declarationOf } from '../shapes.ts';
import { at } from '../values.ts';
import { armType, idsOf, nameArgument } from './arm-path.ts';
import { checkLocation, checkLocks, checkParents, checkTags } from './common.ts';
import { badRequest, changeNotAllowed, notFound } from './error.ts';
import { bodyOf, completed } from './properties.ts';
import type { ResourceType } from './resource-type.ts';
import { typeOf } from './types.ts';
import type { World } from './world.ts';

/** A type, and how the SDK declares it. */
export type Known = { token: string; type: ResourceType<unknown>; declaration: Declaration };

export async function known(token: string): Promise<Known> {
  const type = typeOf(token);
  if (!type) throw new Error(`the stand-in for azure-native does not know "${token}": describe it in azure/types.ts`);
  const declaration = await declarationOf(token);
  if (!declaration) throw new Error(`@pulumi/azure-native declares no "${token}"`);
  return { token, type, declaration };
}

/** PUT: creates a resource, or updates the one with the id `existing`; or refuses. */
export function put(world: World, { token, type, declaration }: Known, inputs: Properties, existing?: string): Held {
  const ids = idsOf(type.path, inputs, world.account.subscriptionId);
  const id = existing ?? (type.lowerCaseGroup ? ids.id.replace('/resourceGroups/', '/resourcegroups/') : ids.id);
  const name = String(inputs[nameArgument(type.path)]);
  const held = world.get(id);
  if (existing === undefined && held) throw new Error(`cannot create already existing resource '${id}'`);
  if (existing !== undefined && !held) throw notFound('ResourceNotFound', `The Resource '${id}' was not found.`);

  checkParents(world, type, id, ids.parents);
  if (!type.name.pattern.test(name)) throw type.name.refuse(name);
  checkLocation(type, inputs, held?.inputs);
  checkTags(type, inputs);
  checkLocks(world, id, 'write');
  const faults = shapeFaults(inputs, declaration.args, declaration.definitions);
  const wrong = faults.find((fault) => fault.kind === 'choice' && !type.openChoices?.test(fault.path));
  if (wrong) throw badRequest('InvalidParameter', `${wrong.reason}.`);
  const changed = type.fixed?.find((path) => held && different(path, held.inputs, inputs));
  if (changed) throw changeNotAllowed(changed);
  const write = { world, id, name, inputs, before: held && { inputs: held.inputs, outputs: held.outputs } };
  type.check?.(write);

  const shown = { ...bodyOf(type, inputs), name, ...typeShown(declaration, type), ...type.outputs?.(write) };
  const outputs = Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== undefined));
  const all = completed(declaration, { ...outputs, azureApiVersion: declaration.apiVersion });
  const result = { id, type: token, inputs, outputs: all };
  world.put(result);
  type.written?.(write);
  return result;
}

/** DELETE: takes along what is below, role assignments included, and what each of those things takes along. */
export function remove(world: World, type: ResourceType<unknown>, id: string): void {
  const held = world.get(id);
  if (!held) return; // 404 is success
  checkLocks(world, id, 'delete');
  type.deletable?.(world, held);
  for (const each of [...(type.always ? [] : world.below(held.id)), held]) {
    world.remove(each.id);
    typeOf(each.type)?.deleted?.(world, each, each.id !== held.id);
  }
}

function different(path: string, before: Properties, after: Properties): boolean {
  const keys = path.split('.');
  return JSON.stringify(at(before, keys)) !== JSON.stringify(at(after, keys));
}

function typeShown(declaration: Declaration, type: ResourceType<unknown>): Properties {
  const shows = declaration.state.kind === 'object' && 'type' in declaration.state.properties;
  return shows ? { type: armType(type.path) } : {};
}
