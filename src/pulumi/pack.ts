import { existsSync } from 'node:fs';
import {
  PolicyPack,
  type PolicyResource,
  type ReportViolation,
  type ResourceValidationArgs,
  type ResourceValidationPolicy,
  type StackValidationPolicy,
  UnknownValueError,
} from '@pulumi/policy';
import { policies } from '../../policies/index.ts';
import { useCatalog } from '../catalog/copy.ts';
import { billOf } from '../cost/bill.ts';
import { usageOf } from '../cost/usage.ts';
import type { Waiver } from '../diagnostic.ts';
import type { Expr } from '../expr.ts';
import { specPathOf } from '../locate.ts';
import { type Resource, type Token, UNKNOWN } from '../plan.ts';
import { levelOf } from '../policy/config.ts';
import type { Finding, Policy, PolicyContext } from '../policy/policy.ts';
import { currentType } from '../policy/provider-types.ts';
import { policyContext } from '../policy/run.ts';
import { waiverFor } from '../policy/waivers.ts';
import { nearest } from '../spec/node.ts';
import { markPack } from './pack-marker.ts';
import {
  compileStack,
  type JudgedSpec,
  today as now,
  pinnedIn,
  positionIn,
  projectRoot,
  specFileOf,
} from './stack-spec.ts';

// Before the spec is compiled: the program is started meanwhile, and may ask at any moment.
markPack();

/** The same policies, judged by the engine: on our own programs and on anybody else's azure-native ones. */
const today = now();
const root = projectRoot(process.cwd());
const stack = process.env.PULUMI_NODEJS_STACK;
const spec: JudgedSpec | undefined =
  stack !== undefined && existsSync(specFileOf(root, stack)) ? compileStack(root, stack) : undefined;
const stage = spec?.compiled.stage ?? 'production';
// The bill of what the engine has is made by the same figures as that of the spec.
useCatalog(pinnedIn(root, spec?.compiled.loaded.source.file).catalog);

/** A copy of the engine's properties in which what is not known yet is `UNKNOWN`: the SDK's own would throw, and a mandatory policy would end as a note. */
function known(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const copy = (key: string): unknown => {
    try {
      return known((value as Record<string, unknown>)[key]);
    } catch (error) {
      if (error instanceof UnknownValueError) return UNKNOWN;
      throw error;
    }
  };
  if (Array.isArray(value)) return Array.from({ length: value.length }, (_, index) => copy(String(index)));
  return Object.fromEntries(Object.keys(value).map((key) => [key, copy(key)]));
}

const asResource = (type: string, name: string, props: unknown): Resource => ({
  type: type as Token,
  name,
  inputs: known(props) as Record<string, unknown>,
  options: {},
  origin: '',
  trace: {},
});

/** The inputs each resource was registered with: of a stack the engine shows outputs, in a preview nothing of Kubernetes objects. */
const registered = new Map<string, Record<string, unknown>>();

/** What is not known yet in an input that depends on one resource alone is a reference to it. */
function withReferences({ urn, type, name, props, dependencies, propertyDependencies }: PolicyResource): Resource {
  const resource = asResource(type, name, props);
  const inputs = registered.get(urn);
  if (inputs) resource.inputs = { ...inputs };
  for (const [key, [dependency, ...others]] of Object.entries(propertyDependencies)) {
    if (dependency && others.length === 0)
      resource.inputs[key] = filled(resource.inputs[key], { $: { ref: dependency.name, output: 'id' } });
  }
  const used = [...dependencies, ...Object.values(propertyDependencies).flat()].map((each) => each.name);
  return { ...resource, options: { dependsOn: [...new Set(used)] } };
}

/** A value with something in place of each unknown part. */
function filled(value: unknown, by: Expr): unknown {
  if (value === UNKNOWN) return by;
  if (Array.isArray(value)) return value.map((each) => filled(each, by));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, filled(part, by)]));
}

function contextOf(resources: readonly Resource[], settings: { monthlyUsd?: number } = {}): PolicyContext {
  const budget = spec?.compiled.loaded.spec?.budget?.monthlyUsd ?? settings.monthlyUsd;
  const bill = billOf(resources, usageOf(spec?.compiled.loaded.spec), true);
  const ceiling = spec?.config.limits.get('maxMonthlyUsd')?.[stage];
  return policyContext(resources, bill, stage, typeof budget === 'number' ? budget : undefined, today, ceiling);
}

/** Where in the spec a finding lands, when the resource comes from it. */
function specPath({ path, input }: Finding, resource: Resource | undefined): string | undefined {
  if (!spec) return undefined;
  const { compiled } = spec;
  const planned = compiled.plan?.resources.find(({ type, name }) => type === resource?.type && name === resource.name);
  return path ?? (planned && specPathOf(compiled.loaded, planned, input ?? ''));
}

/** The finding in one line: what, which input, the very place in the spec, and the way out. */
function messageOf(policy: Policy, finding: Finding, path: string | undefined): string {
  const input = finding.input ? ` [${finding.input}]` : '';
  const place =
    spec && path !== undefined
      ? ` at ${positionIn(spec.compiled.loaded.source, nearest(spec.compiled.loaded.root, path).range.start)} (${path})`
      : '';
  return `${finding.message}${input}${place}; fix: ${finding.help ?? policy.fix}`;
}

function waiverOf(policy: Policy, path: string | undefined): Waiver | undefined {
  const loaded = spec?.compiled.loaded.spec;
  return spec && loaded && path !== undefined ? waiverFor(loaded, policy, spec.config, path, today) : undefined;
}

type Reported = { policy: Policy; finding: Finding; resource: Resource | undefined };

/** What a policy finds on one resource before it is created. */
function* onResource(policy: Policy, { type, name, props }: ResourceValidationArgs): Generator<Reported> {
  const judge = policy.resource?.[currentType(type)];
  if (!judge) return;
  const resource = asResource(type, name, props);
  for (const finding of judge(resource, contextOf([resource]))) yield { policy, finding, resource };
}

/** What a policy finds on all resources together. */
function* onStack(
  policy: Policy,
  resources: readonly Resource[],
  settings: { monthlyUsd?: number },
): Generator<Reported> {
  for (const finding of policy.plan?.(contextOf(resources, settings)) ?? []) {
    yield { policy, finding, resource: resources.find(({ name }) => name === finding.resource) };
  }
}

type CrossGuardPolicy = ResourceValidationPolicy & StackValidationPolicy;

/** A CrossGuard policy that reports those findings of ours which are, or are not, waived. */
function crossGuard(
  header: Pick<
    CrossGuardPolicy,
    'name' | 'displayName' | 'description' | 'enforcementLevel' | 'remediationSteps' | 'url' | 'configSchema'
  >,
  judged: readonly Policy[],
  waived: boolean,
): CrossGuardPolicy {
  const report = ({ policy, finding, resource }: Reported, send: ReportViolation, urn?: string): void => {
    const path = specPath(finding, resource);
    const waiver = waiverOf(policy, path);
    if ((waiver !== undefined) !== waived) return;
    const message = messageOf(policy, finding, path);
    send(
      waiver
        ? `${policy.id}: ${message}; waived until ${waiver.expires} by ${waiver.owner}: ${waiver.reason}`
        : message,
      urn,
    );
  };
  return {
    ...header,
    validateResource: (args, send) => {
      // One of all policies is enough to remember it.
      if (waived) registered.set(args.urn, known(args.props) as Record<string, unknown>);
      for (const policy of judged) for (const reported of onResource(policy, args)) report(reported, send);
    },
    validateStack: ({ resources, getConfig }, send) => {
      const all = resources.map(withReferences);
      for (const policy of judged) {
        for (const reported of onStack(policy, all, getConfig<{ monthlyUsd?: number }>()))
          report(reported, send, resources[reported.resource ? all.indexOf(reported.resource) : -1]?.urn);
      }
    },
  };
}

function fromPolicy(policy: Policy): CrossGuardPolicy {
  const asked = spec?.compiled.loaded.spec?.policies.levels[policy.id];
  const enforcementLevel = spec ? levelOf(policy, stage, spec.config, asked).inForce : policy.levels[stage];
  return crossGuard(
    {
      name: policy.id,
      displayName: policy.title,
      description: policy.title,
      enforcementLevel,
      remediationSteps: policy.fix,
      url: policy.source,
      ...(policy.settings && { configSchema: { properties: policy.settings } }),
    },
    [policy],
    false,
  );
}

// An accepted violation stays in sight, as a note.
const waived = crossGuard(
  {
    name: 'waived',
    displayName: 'accepted violations',
    description: 'a violation that a waiver of the spec accepts for now',
    enforcementLevel: 'advisory',
    remediationSteps: 'mend it before the waiver ends',
  },
  policies,
  true,
);

new PolicyPack('perpetual', { policies: [...policies.map(fromPolicy), waived] });
