import { policies as builtIn } from '../policies/index.ts';
import { buildPlan } from './build-plan.ts';
import { type CatalogChoice, underCatalog } from './catalog/copy.ts';
import { checks } from './checks/all.ts';
import { runChecks } from './checks/check.ts';
import { type Bill, billOf } from './cost/bill.ts';
import { usageOf } from './cost/usage.ts';
import { type Diagnostic, sortDiagnostics } from './diagnostic.ts';
import { folderMismatch, fromCheck, fromLoaded, fromVerdict, fromWaivers, policySettings } from './findings.ts';
import type { Plan } from './plan.ts';
import { defaultConfig, isWaivable, type PolicyConfig } from './policy/config.ts';
import type { Policy, Stage } from './policy/policy.ts';
import { judge, policyContext } from './policy/run.ts';
import { type WaiverState, waiverStates } from './policy/waivers.ts';
import { type LoadedSpec, loadSpec } from './spec/load.ts';
import type { Spec } from './spec/schema.ts';
import { Source } from './spec/source.ts';
import { record, tracked } from './spec/track.ts';

export type CompileOptions = {
  /** `YYYY-MM-DD`: the only clock there is. */
  today: string;
  config?: PolicyConfig;
  policies?: readonly Policy[];
  /** Whether the user's copy of the price list answers before the shipped figures; `src/lock.ts` knows. */
  catalog?: CatalogChoice;
};

/** Everything known about one file. */
export type Compiled = {
  loaded: LoadedSpec;
  environment: string | undefined;
  stage: Stage;
  plan: Plan | undefined;
  /** Did every input get a value? Only then can the plan be deployed. */
  complete: boolean;
  bill: Bill | undefined;
  /** The spec's accepted violations, in their order. */
  waivers: WaiverState[];
  /** Sorted, each once. */
  diagnostics: Diagnostic[];
};

/** The policy on items without a price. */
const priceless = 'cost-not-priced';

/** Is all there that is written? What is only against a rule is whole, such as a version that has ended since. */
export const isWhole = ({ complete, loaded }: Compiled): boolean =>
  complete && !loaded.diagnostics.some(({ severity }) => severity === 'error');

/** Text -> spec -> plan -> bill -> findings. Pure: the same text, date, config and catalog give the same result. */
export function compile(file: string, text: string, options: CompileOptions): Compiled {
  const work = () => judged(file, text, options);
  return options.catalog === undefined ? work() : underCatalog(options.catalog, work);
}

function judged(
  file: string,
  text: string,
  { today, config = defaultConfig, policies = builtIn }: CompileOptions,
): Compiled {
  const loaded = loadSpec(new Source(file, text));
  const { spec } = loaded;
  if (!spec)
    return {
      loaded,
      environment: undefined,
      stage: 'production',
      plan: undefined,
      complete: false,
      bill: undefined,
      waivers: [],
      diagnostics: sortDiagnostics(fromLoaded(loaded)),
    };

  const view = tracked(spec);
  const usable = <T>(read: (spec: Spec) => T): T | undefined => {
    const result = record(() => read(view));
    return result.hole ? undefined : result.value;
  };
  const stage = usable(({ metadata }) => metadata.stage) ?? 'production';
  const environment = usable(({ metadata }) => metadata.environment);
  const { plan, complete } = buildPlan(view);
  const bill = billOf(plan.resources, usageOf(spec), complete);
  const context = policyContext(
    plan.resources,
    bill,
    stage,
    usable(({ budget }) => budget?.monthlyUsd),
    today,
  );

  const able = complete ? policies : policies.filter(({ wholePlan }) => !wholePlan);
  const violations = judge(able, context, config).flatMap((verdict) => [
    ...fromVerdict(loaded, plan, spec, stage, config, today, verdict),
  ]);
  const waivers = waiverStates(
    spec,
    violations.map(({ code, path }) => ({ policy: code, path })),
    complete && loaded.diagnostics.length === 0,
    today,
  );
  const diagnostics: readonly Diagnostic[] = [
    ...fromLoaded(loaded),
    ...runChecks(checks, view, today).map((finding) => fromCheck(loaded, finding)),
    ...folderMismatch(loaded, file, environment),
    ...policySettings(loaded, spec, stage, config, policies),
    ...violations,
    ...fromWaivers(
      loaded,
      waivers.filter(({ policy }) => policies.some((each) => each.id === policy && isWaivable(each, config))),
    ),
  ];
  // What the spec gets wrong needs no second finding that it has no price.
  const wrong = new Set(
    diagnostics.filter(({ severity, level }) => severity === 'error' && !level).map(({ path }) => path),
  );
  const needed = diagnostics.filter(
    ({ code, path }) => code !== priceless || !(wrong.has(path) || wrong.has('azure.region')),
  );
  const visible = needed.filter(
    ({ labels: [{ range }], code }) => code.startsWith('yaml/') || range.end <= loaded.brokenAt,
  );
  return {
    loaded,
    environment,
    stage,
    plan,
    complete,
    bill,
    waivers,
    diagnostics: sortDiagnostics(visible),
  };
}
