import type { Held } from '../cloud.ts';
import type { Properties, Resolved } from '../provider.ts';
import type { ArmPath } from './arm-path.ts';
import type { NameRule } from './names.ts';
import type { World } from './world.ts';

/** A create or an update that Azure is asked for. */
export type Write<Args> = {
  world: World;
  id: string;
  /** The resource's own name, the last part of its id. */
  name: string;
  inputs: Resolved<Args>;
  /** The resource as it stands, if this is an update. */
  before: { inputs: Resolved<Args>; outputs: Properties } | undefined;
};

/** All there is to say about one type: add an entry to `types.ts`, and shapes, parents, locations and tags follow. */
export type ResourceType<Args> = {
  path: ArmPath;
  name: NameRule;
  /** How a name that is left out is made; `random` (logical name and 8 hex digits) unless told otherwise. */
  autoname?: 'random' | 'uuid';
  /** `global` types take only that word; types whose `Args` have no location need none. */
  location?: 'regional' | 'global';
  /** AKS and managed identities spell `resourcegroups` in lower case in the ids they give out. */
  lowerCaseGroup?: boolean;
  /** Properties azure-native replaces the resource for, besides those in its path. */
  replaceOn?: readonly string[];
  /** Properties Azure refuses to change in place, though azure-native sends the change as an update. */
  fixed?: readonly string[];
  /** Where Azure takes more words than the SDK's enumeration has: paths of such properties. `check` looks at them. */
  openChoices?: RegExp;
  /** Azure has it with its parent, asked for or not: a deletion only sets it back and takes nothing along. */
  always?: true;
  /** Refuses, as Azure does, by throwing. */
  check?(write: Write<Args>): void;
  /** What the resource shows beyond its inputs. */
  outputs?(write: Write<Args>): Properties;
  /** What Azure creates or changes along with it. */
  written?(write: Write<Args>): void;
  /** Refuses a deletion by throwing. */
  deletable?(world: World, held: Held): void;
  /** What else goes, or stays behind, when the resource is gone; `along` with one that it is below. */
  deleted?(world: World, held: Held, along: boolean): void;
  /** What whoever imports the resource sees of its inputs, where Azure does not show all of them again. */
  imported?(inputs: Resolved<Args>): Properties;
  /** The resource on which Azure takes one such write at a time, and what it says to a second one. */
  oneWriteAtATimeOn?: { parent(id: string): string; code: string; message(parent: string): string };
};

/** Keeps the entry's own `Args` where it is written, and lets entries of all types stand in one table. */
export const define = <Args>(type: ResourceType<Args>): ResourceType<unknown> => type;
