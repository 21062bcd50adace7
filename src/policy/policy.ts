import type { Bill } from '../cost/bill.ts';
import type { Value } from '../edit/change.ts';
import type { Resource } from '../plan.ts';
import type { Settings, SettingsIn, Stage } from './settings.ts';

export type { Stage } from './settings.ts';
export type Level = 'mandatory' | 'advisory' | 'disabled';

/** What a policy has to say: about an input of a resource, or about a path of the spec when no resource is to blame. */
export type Finding = {
  resource?: string;
  input?: string;
  path?: string;
  message: string;
  /** Stands beside the guilty text, as in `1 vCPU and 2 GiB; at least 2 vCPU and 4 GiB are required`. */
  note?: string;
  help?: string;
  /** A value that would do, for the spec path the finding lands on. */
  suggestion?: { value: Value; safe: boolean };
};

/** All a policy may know beyond the resource itself. */
export type PolicyContext<S extends Settings = Settings> = {
  /** What the owners set for this policy at this stage; a setting without a default may be undefined. */
  settings: SettingsIn<S>;
  stage: Stage;
  /** `YYYY-MM-DD`: the only clock there is. */
  today: string;
  resources: readonly Resource[];
  bill: Bill;
  /** The limit of `budget.monthlyUsd` in the spec, when there is one. */
  budgetUsd: number | undefined;
  /** The region of a resource, by its short name. */
  regionOf(resource: Resource): string | undefined;
  resource(name: string): Resource | undefined;
  /** The resources that use one. */
  usersOf(name: string): readonly Resource[];
};

export type Policy<S extends Settings = Settings> = {
  /** `<subject>-<fault>`: also the name of its file, fixture, config key and page. */
  id: string;
  /** What must not be, in one line. */
  title: string;
  why: string;
  fix: string;
  /** Where the rule comes from. */
  source: string;
  /** What is against the rule and what is not, in a line each. */
  example?: { wrong: string; right: string };
  levels: Readonly<Record<Stage, Level>>;
  /** Not a fault but a hint, as on cost or habit: printed as a note, unless it is made mandatory. */
  advice?: true;
  /** Speaks of what is nowhere: silent as long as something may be missing in the plan. */
  wholePlan?: true;
  /** May an owner accept a violation for a while? Not where Azure itself would refuse it. */
  waivable: boolean;
  /** What owners may set in policies/config.yaml, and users of the pack with --policy-pack-config. */
  settings?: S;
  /** Judged one by one, before each is created; the key is the resource's type. */
  resource?: Readonly<Record<string, (resource: Resource, context: PolicyContext<S>) => Iterable<Finding>>>;
  /** Judged over the whole plan, where several resources matter at once. */
  plan?: (context: PolicyContext<S>) => Iterable<Finding>;
};

/** A policy knows its settings by the types it declared them with; to whoever runs it they are some settings. */
export const definePolicy = <const S extends Settings = Record<never, never>>(policy: Policy<S>): Policy =>
  policy as unknown as Policy;
