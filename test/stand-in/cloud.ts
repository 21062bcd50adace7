import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Properties } from './provider.ts';

/** A resource of Azure Resource Manager. */
export type Held = { id: string; type: string; inputs: Properties; outputs: Properties };
/** An object in a cluster, as the API server keeps it. */
export type KubernetesObject = Properties & {
  apiVersion: string;
  kind: string;
  metadata: Properties & { name: string; namespace?: string };
};

export type CloudState = {
  /** By lower-case id: Azure ignores case in ids. */
  resources: Record<string, Held>;
  /** Soft-deleted vaults as they were, by lower-case name. */
  deletedVaults: Record<string, Held>;
  /** Deleted secrets by lower-case id: as they were where they went with their vault, and come back with it. */
  deletedSecrets: Record<string, Held | true>;
  /** Soft-deleted backups by lower-case id, and the day they are gone for good. */
  deletedBackups: Record<string, string>;
  /** What is written on disks, and kept by snapshots of them, by lower-case id. */
  contents: Record<string, string>;
  /** What was there before anything was deployed, by lower-case id: once gone, it does not come back. */
  seeded: Record<string, true>;
  /** By lower-case id of the cluster, then by `apiVersion/kind/namespace/name`. */
  objects: Record<string, Record<string, KubernetesObject>>;
  /** How often an id has been given up, by lower-case id: what is made anew gets other GUIDs and addresses. */
  generations: Record<string, number>;
  /** How often each injected fault has struck; below 0 while it lets some pass. */
  struck: Record<string, number>;
};

const nothing = (): CloudState => ({
  resources: {},
  deletedVaults: {},
  deletedSecrets: {},
  deletedBackups: {},
  contents: {},
  seeded: {},
  objects: {},
  generations: {},
  struck: {},
});

/**
 * All that exists outside Pulumi: what both providers share, and what a second run finds again. In memory, or in a file
 * that is replaced whole, so that a provider that dies leaves either the old or the new cloud.
 */
export class Cloud {
  readonly #file: string | undefined;
  #state = nothing();

  constructor(file?: string) {
    this.#file = file;
  }

  /** Looks at a copy: what is done to it is forgotten. */
  look<T>(work: (state: CloudState) => T): T {
    return work(structuredClone(this.#load()));
  }

  /** Changes the cloud, or leaves it as it was when `work` throws. */
  change<T>(work: (state: CloudState) => T): T {
    return this.#alone(() => {
      const draft = structuredClone(this.#load());
      const result = work(draft);
      this.#store(draft);
      return result;
    });
  }

  #load(): CloudState {
    if (this.#file === undefined) return this.#state;
    try {
      return JSON.parse(readFileSync(this.#file, 'utf8'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return nothing();
      throw error;
    }
  }

  #store(state: CloudState): void {
    if (this.#file === undefined) {
      this.#state = state;
      return;
    }
    const draft = `${this.#file}.${process.pid}`;
    writeFileSync(draft, JSON.stringify(state, null, 1));
    renameSync(draft, this.#file);
  }

  /** Both providers are processes of their own: one of them at a time changes the file. */
  #alone<T>(work: () => T): T {
    if (this.#file === undefined) return work();
    const lock = `${this.#file}.lock`;
    while (!taken(lock)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    try {
      return work();
    } finally {
      rmSync(lock, { force: true });
    }
  }
}

function taken(lock: string): boolean {
  const mine = `${lock}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    linkSync(mine, lock); // with the owner already in it
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (ownerIsDead(lock)) rmSync(lock, { force: true });
    return false;
  } finally {
    rmSync(mine, { force: true });
  }
}

/** A provider that crashed holding the lock must not stop the next run. */
function ownerIsDead(lock: string): boolean {
  try {
    const owner = Number(readFileSync(lock, 'utf8'));
    if (owner > 0) process.kill(owner, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
