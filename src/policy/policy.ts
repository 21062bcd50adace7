import type { Bill } from '../cost/bill.ts';
import type { Resource } from '../plan.ts';

export type Stage = 'production' | 'development';
export type Level = 'mandatory' | 'advisory' | 'disabled';
export type LimitName = 'maxMonthlyUsd';

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
  suggestion?: { value: string | number; safe: boolean };
};

/** All a policy may know beyond the resource itself. */
export type PolicyContext = {
  stage: Stage;
  /** `YYYY-MM-DD`: the only clock there is. */
  today: string;
  resources: readonly Resource[];
  bill: Bill;
  /** The limit of `budget.monthlyUsd`, or of the pack's setting, when there is one. */
  budgetUsd: number | undefined;
  /** What the owners allow at most in this stage, whatever the spec's budget says. */
  ceilingUsd: number | undefined;
  /** The region of a resource, by its short name. */
  regionOf(resource: Resource): string | undefined;
  resource(name: string): Resource | undefined;
  /** The resources that use one. */
  usersOf(name: string): readonly Resource[];
};

export type Policy = {
  /** `<subject>-<fault>`: also the name of its file, fixture, config key and page. */
  id: string;
  /** What must not be, in one line. */
  title: string;
  why: string;
  fix: string;
  /** Where the rule comes from. */
  source: string;
  levels: Readonly<Record<Stage, Level>>;
  /** Not a fault but a hint, as on cost or habit: printed as a note, unless it is made mandatory. */
  advice?: true;
  /** May an owner accept a violation for a while? Not where Azure itself would refuse it. */
  waivable: boolean;
  /** What a pack may be told about it where there is no spec, as a JSON schema's properties. */
  settings?: Readonly<Record<string, { type: 'number'; description: string }>>;
  /** Amounts that the owners may set for it by stage in `policies/config.yaml`. */
  limits?: readonly LimitName[];
  /** Judged one by one, before each is created; the key is the resource's type. */
  resource?: Readonly<Record<string, (resource: Resource, context: PolicyContext) => Iterable<Finding>>>;
  /** Judged over the whole plan, where several resources matter at once. */
  plan?: (context: PolicyContext) => Iterable<Finding>;
};

export const definePolicy = (policy: Policy): Policy => policy;
