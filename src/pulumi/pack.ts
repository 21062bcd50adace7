import {
  PolicyPack,
  type PolicyResource,
  type ReportViolation,
  type ResourceValidationArgs,
  type ResourceValidationPolicy,
  type Severity,
  type StackValidationArgs,
  type StackValidationPolicy,
} from '@pulumi/policy';
import { useCatalog } from '../catalog/copy.ts';
import { usageOf } from '../cost/usage.ts';
import type { Resource } from '../plan.ts';
import { settingsOf } from '../policy/config.ts';
import type { Finding, Level, Policy } from '../policy/policy.ts';
import { judgeFor, programContext, type SharedContext } from '../policy/run.ts';
import { schemaOf, type Values } from '../policy/settings.ts';
import { markPack } from './pack-marker.ts';
import { type Part, Parts } from './pack-parts.ts';
import { Registered } from './pack-resources.ts';
import { today as now, ownersOf, pinnedIn, projectRoot } from './stack-spec.ts';

// Before the spec is compiled: the program is started meanwhile, and may ask at any moment.
markPack();

/** The same policies, judged by the engine: on our own programs and on anybody else's azure-native ones. */
const today = now();
const root = projectRoot(process.cwd());
const { policies } = ownersOf(root);
const parts = new Parts(root, process.env.PULUMI_NODEJS_STACK);
const registered = new Registered();
// The bill of what the engine has is made by the same figures as that of the spec.
useCatalog(pinnedIn(root, parts.declared.spec?.compiled.loaded.source.file).catalog);

type CrossGuardPolicy = ResourceValidationPolicy & StackValidationPolicy;

/** What belongs to a policy of another level than the one that found it, until that one is asked. */
type Channel = 'waived' | 'spec-advisory' | 'spec-mandatory';
const pending: { channel: Channel; message: string; urn: string | undefined; at: string }[] = [];

/** Says what is found, at the level it has in its own spec: the engine knows one level a policy. */
function tell(policy: Policy, finding: Finding, resource: Resource | undefined, part: Part, to: Addressee): void {
  const { level, place, waiver } = part.rule(policy, finding, resource);
  if (level === 'disabled') return;
  const input = finding.input ? ` [${finding.input}]` : '';
  const [what, fix] = [finding.message, finding.help ?? policy.fix].map((text) => registered.withoutSecrets(text));
  const message = `${what}${input}${place === undefined ? '' : ` at ${place}`}; fix: ${fix}`;
  const channel = waiver ? 'waived' : level === parts.declared.levelOf(policy) ? undefined : (`spec-${level}` as const);
  if (channel === undefined) to.send(message, to.urn);
  else {
    const accepted = waiver ? `; waived until ${waiver.expires} by ${waiver.owner}: ${waiver.reason}` : '';
    pending.push({ channel, message: `${policy.id}: ${message}${accepted}`, urn: to.urn, at: to.at });
  }
}

type Addressee = { send: ReportViolation; urn: string | undefined; at: string };
const wholeStack = '';

function contextOf(resources: readonly Resource[], { spec, stage }: Part): SharedContext {
  const loaded = spec?.compiled.loaded.spec;
  const budget = loaded?.budget?.monthlyUsd as unknown;
  return programContext(resources, usageOf(loaded), stage, typeof budget === 'number' ? budget : undefined, today);
}

/** What the owners set, and over it what the user of the pack does with --policy-pack-config. */
function settingsFor(policy: Policy, { stage, config }: Part, given: Values): Values {
  const owners = settingsOf(policy, stage, config);
  // The engine fills in the stack's own; those of a spec of another stage stay as its owners set them.
  const defaults = settingsOf(policy, parts.declared.stage, parts.declared.config);
  const chosen = Object.entries(given).filter(([name, value]) => !isSame(value, defaults[name]));
  return { ...owners, ...Object.fromEntries(chosen) };
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

function judgeResource(policy: Policy, args: ResourceValidationArgs, send: ReportViolation): void {
  const judge = judgeFor(policy, args.type);
  if (!judge) return;
  const part = parts.of(args.urn, args.opts.parent);
  const resource = registered.one(args, part.nameOf(args.name));
  const context = { ...contextOf([resource], part), settings: settingsFor(policy, part, args.getConfig()) };
  for (const finding of judge(resource, context))
    tell(policy, finding, resource, part, { send, urn: args.urn, at: args.urn });
}

/** A part of a stack as policies see it; of resources that are judged with another part nothing is said. */
type View = {
  part: Part;
  context: SharedContext;
  byName: Map<string, { resource: Resource; urn: string; own: boolean }>;
};

let views: { asked: Set<string>; made: View[] } | undefined;

/** Made once for all policies; one that asks again begins another analysis. */
function viewsFor(policy: Policy, resources: readonly PolicyResource[]): View[] {
  if (!views || views.asked.has(policy.id)) views = { asked: new Set(), made: viewsOf(resources) };
  views.asked.add(policy.id);
  return views.made;
}

function viewsOf(resources: readonly PolicyResource[]): View[] {
  const partOf = new Map(resources.map(({ urn, opts, parent }) => [urn, parts.of(urn, opts.parent ?? parent?.urn)]));
  const stack = parts.stackOf(resources[0]?.urn);
  return [...new Set([stack, ...partOf.values()])].map((part) => {
    const seen = part === stack ? resources : resources.filter(({ urn }) => partOf.get(urn) === part);
    const names = namesOf(seen, part);
    const made = registered.all(seen, ({ urn, name }) => names.get(urn) ?? name);
    const byName = new Map(
      made.map((resource, index) => {
        const { urn } = seen[index] as PolicyResource;
        return [resource.name, { resource, urn, own: partOf.get(urn) === part }];
      }),
    );
    return { part, context: contextOf(made, part), byName };
  });
}

/** Names are unique within a type and a parent only; what has a name that is taken goes by the end of its URN. */
function namesOf(resources: readonly PolicyResource[], part: Part): Map<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const { urn, name } of resources) {
    const unique = taken.has(part.nameOf(name)) ? urn.split('::').slice(2).join('::') : part.nameOf(name);
    taken.add(unique);
    names.set(urn, unique);
  }
  return names;
}

function judgeStack(policy: Policy, { resources, getConfig }: StackValidationArgs, send: ReportViolation): void {
  for (const { part, context, byName } of viewsFor(policy, resources)) {
    const settings = settingsFor(policy, part, getConfig());
    for (const finding of policy.plan?.({ ...context, settings }) ?? []) {
      const found = finding.resource === undefined ? undefined : byName.get(finding.resource);
      if (found?.own !== false) tell(policy, finding, found?.resource, part, { send, urn: found?.urn, at: wholeStack });
    }
  }
}

function severityOf({ waivable, advice, levels }: Policy): Severity {
  if (!waivable) return 'critical';
  return advice ? 'low' : levels.production === 'mandatory' ? 'high' : 'medium';
}

function fromPolicy(policy: Policy): CrossGuardPolicy {
  const { id, title, why, fix, source, advice, settings, resource, plan } = policy;
  const values = settingsOf(policy, parts.declared.stage, parts.declared.config);
  return {
    name: id,
    displayName: title,
    description: `${title}: ${why}`,
    enforcementLevel: parts.declared.levelOf(policy),
    severity: severityOf(policy),
    tags: [id.split('-')[0] as string, ...(advice ? ['advice'] : [])],
    remediationSteps: fix,
    url: source,
    ...(settings && {
      configSchema: {
        properties: Object.fromEntries(
          Object.entries(settings).map(([name, setting]) => [name, schemaOf(setting, values[name])]),
        ),
      },
    }),
    // The SDK unpacks a resource anew for each policy that has this, whatever it then looks at.
    ...(resource && { validateResource: (args, send) => judgeResource(policy, args, send) }),
    ...(plan && { validateStack: (args, send) => judgeStack(policy, args, send) }),
  } as CrossGuardPolicy;
}

/** Passes on what others found for it. */
function channel(name: Channel, enforcementLevel: Level, description: string, remediationSteps: string) {
  const flush = (at: string, send: ReportViolation): void => {
    const all = pending.splice(0);
    for (const each of all)
      if (each.channel === name && each.at === at) send(each.message, each.urn);
      else pending.push(each);
  };
  return {
    name,
    displayName: description,
    description,
    enforcementLevel,
    remediationSteps,
    validateResource: (args, send) => {
      if (name === 'waived') registered.remember(args);
      flush(args.urn, send);
    },
    validateStack: (_, send) => flush(wholeStack, send),
  } satisfies CrossGuardPolicy;
}

new PolicyPack('perpetual', {
  displayName: 'perpetual',
  description: 'cost, network exposure, Key Vault permissions and SKU limits of Azure deployments',
  provider: 'azure',
  policies: [
    {
      name: 'secrets',
      displayName: 'secrets stay secret',
      description: 'remembers what is marked as secret, so that no finding shows it; changes nothing',
      enforcementLevel: 'remediate',
      remediateResource: (args) => registered.rememberSecrets(args),
    },
    ...policies.map(fromPolicy),
    channel(
      'spec-mandatory',
      'mandatory',
      'a violation that the spec of a node judges more strictly than the stack',
      'mend it',
    ),
    channel(
      'spec-advisory',
      'advisory',
      'a violation that the spec of a node judges less strictly than the stack',
      'mend it',
    ),
    // An accepted violation stays in sight, as a note. The last one, because it remembers what all have looked at.
    channel(
      'waived',
      'advisory',
      'a violation that a waiver of the spec accepts for now',
      'mend it before the waiver ends',
    ),
  ],
});
