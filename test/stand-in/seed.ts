import { idsOf } from './azure/arm-path.ts';
import { given } from './azure/properties.ts';
import { known, put } from './azure/request.ts';
import { type Account, World } from './azure/world.ts';
import type { Cloud } from './cloud.ts';
import type { Properties } from './provider.ts';
import { shapeFaults } from './shape-faults.ts';

/**
 * Something that was there before the stack: a resource as a program would declare it, all inputs spelled out, or by its
 * id whatever no program can declare (a restore point of a disk).
 */
export type Seed =
  | { type: string; inputs: Properties }
  | { id: string; type?: string; inputs?: Properties; outputs?: Properties };

export const parseSeeds = (text: string | undefined): Seed[] => (text ? JSON.parse(text) : []);

/** Puts each seed into the cloud once, in their order, under all of Azure's rules: what is deleted later stays away. */
export async function plant(cloud: Cloud, account: Account, seeds: readonly Seed[]): Promise<void> {
  for (const seed of seeds) {
    const [id, write] = await planting(seed, account);
    cloud.change((state) => {
      if (state.seeded[id.toLowerCase()]) return;
      write(new World(state, account));
      state.seeded[id.toLowerCase()] = true;
    });
  }
}

async function planting(seed: Seed, account: Account): Promise<[id: string, write: (world: World) => void]> {
  if ('id' in seed) {
    const { id, type = 'azure-native:resources:Resource', inputs = {}, outputs = {} } = seed;
    return [id, (world) => world.put({ id, type, inputs, outputs })];
  }
  const what = await known(seed.type);
  const [fault] = shapeFaults(seed.inputs, what.declaration.args, what.declaration.definitions);
  if (fault && fault.kind !== 'choice') throw new Error(`${seed.type}: ${fault.reason}`);
  const { id } = idsOf(what.type.path, seed.inputs, account.subscriptionId);
  return [id, (world) => void put(world, what, given(seed.inputs))];
}
