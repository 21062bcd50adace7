import { basename, dirname } from 'node:path/posix';
import { policies as builtIn } from '../policies/index.ts';
import { buildPlan } from './build-plan.ts';
import { checks } from './checks/all.ts';
import { type CheckFinding, runChecks } from './checks/check.ts';
import { unsafeGaps } from './checks/not-built-yet.ts';
import { type Bill, billOf } from './cost/bill.ts';
import { usageOf } from './cost/usage.ts';
import { type Diagnostic, sortDiagnostics } from './diagnostic.ts';
import { labelAt, specPathOf } from './locate.ts';
import type { Plan } from './plan.ts';
import { defaultConfig, isStricter, isWaivable, type Level, levelOf, type PolicyConfig } from './policy/config.ts';
import type { Policy, Stage } from './policy/policy.ts';
import { judge, policyContext, type Verdict } from './policy/run.ts';
import { waiverFor } from './policy/waivers.ts';
import { type LoadedSpec, loadSpec } from './spec/load.ts';
import { nearestName } from './spec/nearest-name.ts';
import { find } from './spec/node.ts';
import { childPath } from './spec/path.ts';
import type { Spec } from './spec/schema.ts';
import { Source } from './spec/source.ts';
import { record, tracked } from './spec/track.ts';

export type CompileOptions = {
  /** `YYYY-MM-DD`: the only clock there is. */
  today: string;
  config?: PolicyConfig;
  policies?: readonly Policy[];
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
  /** Sorted, each once. */
  diagnostics: Diagnostic[];
  /** Why the program must not deploy it although no finding says so. */
  unsafe: string[];
};

/** Text -> spec -> plan -> bill -> findings. Pure: the same text, date and config give the same result. */
export function compile(
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
      diagnostics: sortDiagnostics(loaded.diagnostics),
      unsafe: [],
    };

  const view = tracked(spec);
  const usable = <T>(read: (spec: Spec) => T): T | undefined => {
    const result = record(() => read(view));
    return result.hole ? undefined : result.value;
  };
  const stage = usable(({ metadata }) => metadata.stage) ?? 'production';
  const environment = usable(({ metadata }) => metadata.environment);
  const { plan, complete } = buildPlan(spec);
  const bill = billOf(plan.resources, usageOf(spec), complete);
  const context = policyContext(
    plan.resources,
    bill,
    stage,
    usable(({ budget }) => budget?.monthlyUsd),
  );

  const diagnostics: Diagnostic[] = [
    ...loaded.diagnostics,
    ...runChecks(checks, view, today).map((finding) => fromCheck(loaded, finding)),
    ...folderMismatch(loaded, file, environment),
    ...policySettings(loaded, spec, stage, config, policies),
    ...judge(policies, context).flatMap((verdict) => [
      ...fromVerdict(loaded, plan, spec, stage, config, today, verdict),
    ]),
  ];
  // What is wrong already needs no second finding that it has no price.
  const wrong = new Set(diagnostics.filter(({ severity }) => severity === 'error').map(({ path }) => path));
  diagnostics.push(...notPriced(loaded, plan, bill).filter(({ path }) => !wrong.has(path) && !wrong.has('azure.region')));
  const visible = diagnostics.filter(({ labels: [{ range }], code }) => code.startsWith('yaml/') || range.end <= loaded.brokenAt);
  return {
    loaded,
    environment,
    stage,
    plan,
    complete,
    bill,
    diagnostics: sortDiagnostics(visible),
    unsafe: usable(unsafeGaps) ?? [],
  };
}

function fromCheck(
  loaded: LoadedSpec,
  { code, severity = 'error', path, message, note, help, related, suggestion }: CheckFinding,
): Diagnostic {
  const found = find(loaded.root, path)?.node;
  return {
    code,
    severity,
    message,
    path,
    labels: [labelAt(loaded, path, note), ...(related ? [labelAt(loaded, related.path, related.message)] : [])],
    ...(help !== undefined && { help }),
    ...(suggestion &&
      found?.kind === 'scalar' && {
        fixes: [
          {
            title: `write ${suggestion.value}`,
            safe: suggestion.safe,
            edits: [{ range: found.anchoredAt ?? found.range, newText: scalarText(suggestion.value) }],
          },
        ],
      }),
  };
}

// A text that YAML would read as something else must be quoted.
const scalarText = (value: string | number): string =>
  typeof value === 'string' && /^[\d.]/.test(value) ? `"${value}"` : String(value);

/** The folder under specs/ is what tools go by; one that is called otherwise deploys to a stack nobody expects. */
function* folderMismatch(loaded: LoadedSpec, file: string, environment: string | undefined): Generator<Diagnostic> {
  const folder = dirname(file);
  if (environment === undefined || basename(dirname(folder)) !== 'specs' || basename(folder) === environment) return;
  yield {
    code: 'spec/environment-folder',
    severity: 'warning',
    message: `the environment "${environment}" is in the folder "${basename(folder)}"`,
    path: 'metadata.environment',
    labels: [labelAt(loaded, 'metadata.environment')],
    help: `rename the folder to specs/${environment}, or the environment to ${basename(folder)}`,
  };
}

/** The spec may name policies that exist, and only make them stricter. */
function* policySettings(
  loaded: LoadedSpec,
  spec: Spec,
  stage: Stage,
  config: PolicyConfig,
  policies: readonly Policy[],
): Generator<Diagnostic> {
  const error = (path: string, message: string): Diagnostic => ({
    code: 'spec/policy',
    severity: 'error',
    message,
    path,
    labels: [labelAt(loaded, path)],
  });
  const ids = policies.map(({ id }) => id);
  const unknown = (id: string): string => {
    const near = nearestName(id, ids);
    return `there is no policy "${id}"${near ? `; did you mean "${near}"?` : ''}`;
  };
  const settings = record(() => tracked(spec).policies);
  if (settings.hole) return;
  for (const [id, level] of Object.entries(spec.policies.levels ?? {})) {
    const path = childPath('policies.levels', id);
    const policy = policies.find((each) => each.id === id);
    if (!policy) yield error(path, unknown(id));
    else if (typeof level === 'string' && isStricter(levelOf(policy, stage, config).set, level)) {
      yield error(
        path,
        `"${id}" is ${levelOf(policy, stage, config).set} in ${stage}: a spec can only make it stricter; to accept a violation use policies.waivers`,
      );
    }
  }
  for (const [index, waiver] of [...(Array.isArray(spec.policies.waivers) ? spec.policies.waivers : [])].entries()) {
    const path = `policies.waivers[${index}].policy`;
    const policy = policies.find(({ id }) => id === waiver?.policy);
    if (typeof waiver?.policy !== 'string') continue;
    if (!policy) yield error(path, unknown(waiver.policy));
    else if (!isWaivable(policy, config)) yield error(path, `"${policy.id}" can't be waived`);
  }
}

function* fromVerdict(
  loaded: LoadedSpec,
  plan: Plan,
  spec: Spec,
  stage: Stage,
  config: PolicyConfig,
  today: string,
  { policy, finding }: Verdict,
): Generator<Diagnostic> {
  const asked =
    (spec.policies as Spec['policies'] | symbol | undefined) && typeof spec.policies === 'object'
      ? spec.policies.levels?.[policy.id]
      : undefined;
  const { inForce } = levelOf(policy, stage, config, asked as Level | undefined);
  if (inForce === 'disabled') return;
  const resource = plan.resources.find(({ name }) => name === finding.resource);
  const path = finding.path ?? (resource ? specPathOf(loaded, resource, finding.input ?? '') : '');
  const found = find(loaded.root, path)?.node;
  const waived = waiverFor(spec, policy, config, path, today);
  yield {
    code: policy.id,
    severity: inForce === 'mandatory' ? 'error' : 'warning',
    level: inForce,
    message: finding.message,
    path,
    labels: [labelAt(loaded, path, finding.note)],
    why: policy.why,
    help: finding.help ?? policy.fix,
    url: policy.source,
    ...(resource && { resource: { type: resource.type, name: resource.name, path: finding.input ?? '' } }),
    ...(finding.suggestion &&
      found?.kind === 'scalar' && {
        fixes: [
          {
            title: `write ${finding.suggestion.value}`,
            safe: finding.suggestion.safe,
            edits: [{ range: found.anchoredAt ?? found.range, newText: scalarText(finding.suggestion.value) }],
          },
        ],
      }),
    ...(waived && { waived }),
  };
}

/** A missing price is said, never counted as zero. */
function notPriced(loaded: LoadedSpec, plan: Plan, bill: Bill): Diagnostic[] {
  return bill.items.filter(({ monthlyUsd }) => monthlyUsd === null).map(({ name, detail, meter, resource: by, input }) => {
    const resource = plan.resources.find((each) => each.name === by);
    const path = resource ? specPathOf(loaded, resource, input) : '';
    return {
      code: 'cost/not-priced',
      severity: 'info',
      message: `the catalog has no price for ${name}${detail ? ` (${detail})` : ''}; the bill is without it`,
      path,
      labels: [labelAt(loaded, path)],
      help: `the meter is "${meter}"`,
      ...(resource && { resource: { type: resource.type, name: resource.name, path: input } }),
    };
  });
}
