import type { OutputInstance } from '@pulumi/pulumi';

/** Properties of a resource as plain data: no secret wrappers, unknown values as `UNKNOWN`. */
export type Properties = Record<string, unknown>;

/** What the SDK's `Args` become once every output in them has its value. */
export type Resolved<T> = Settled<Unwrapped<T>>;
type Unwrapped<T> = T extends OutputInstance<infer U> | Promise<infer U> ? Unwrapped<U> : T;
type Settled<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer Item)[]
    ? Resolved<Item>[]
    : { [Key in keyof T]: Resolved<T[Key]> };

export type Failure = { property: string; reason: string };
export type ChangeKind = 'add' | 'update' | 'delete';
/** One changed property by its path, as in `agentPoolProfiles[0].vmSize`. */
export type Change = { kind: ChangeKind; replaces: boolean };
export type Diff = { changes: Record<string, Change>; deleteBeforeReplace: boolean };

/**
 * What the engine asks of a resource provider, without the wire: `serve` puts it behind gRPC, and tests call it directly.
 * A refusal is a thrown error; only `check` and the configuration collect failures.
 */
export type Provider = {
  name: string;
  version: string;
  checkConfig(news: Properties): Promise<Failure[]>;
  /** The names of changed settings that force every resource of this provider to be replaced, or just the changed ones. */
  diffConfig(olds: Properties, news: Properties): { changed: string[]; replaces: string[] };
  configure(settings: Properties): void;
  check(asked: Asked & { news: Properties; olds?: Properties; seed?: Uint8Array }): Promise<Checked>;
  diff(asked: Asked & { olds: Properties; news: Properties }): Promise<Diff>;
  create(asked: Asked & { inputs: Properties; preview?: boolean }): Promise<Created>;
  read(asked: Asked & { id: string; inputs?: Properties }): Promise<Found | undefined>;
  /** `olds` are the inputs of before, `state` the outputs. */
  update(
    asked: Asked & { id: string; olds: Properties; state?: Properties; inputs: Properties; preview?: boolean },
  ): Promise<Updated>;
  delete(asked: Asked & { id: string }): Promise<void>;
  invoke(token: string, args: Properties): Promise<Properties>;
};

/** The resource in question: Pulumi's type token and logical name. */
export type Asked = { type: string; name: string };
export type Checked = { inputs: Properties; failures: Failure[] };
export type Created = { id: string; outputs: Properties };
export type Updated = { outputs: Properties };
export type Found = { id: string; inputs: Properties; outputs: Properties };

/** The resource exists but did not come up: Pulumi keeps it in its state, marked, and tries an update next time. */
export class HalfCreated extends Error {
  /** The first says that it did not come up, the others why. */
  readonly reasons: readonly string[];
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;

  constructor(reasons: readonly [string, ...string[]], half: { id: string; inputs: Properties; outputs: Properties }) {
    super(reasons[0]);
    this.name = 'HalfCreated';
    this.reasons = reasons;
    this.id = half.id;
    this.inputs = half.inputs;
    this.outputs = half.outputs;
  }
}
