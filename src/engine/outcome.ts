import type { EngineEvent, OpType } from '@pulumi/pulumi/automation/index.js';
import { changeRules } from '../catalog/changes.ts';
import type { News } from '../kubernetes/news.ts';

export type ChangeKind = 'create' | 'update' | 'replace' | 'delete';

/** What happens, or has happened, to one resource. */
export type ResourceChange = {
  kind: ChangeKind;
  type: string;
  name: string;
  /** The inputs that decide. */
  inputs: string[];
  /** What nobody gets back. */
  lost?: string;
  /** It leaves the stack and stays in Azure. */
  stays?: boolean;
  /** It goes although it is protected. */
  isProtected?: boolean;
};

export type PolicyResult = { policy: string; level: 'mandatory' | 'advisory'; resource?: string; message: string };
export type Failure = {
  resource?: string;
  message: string;
  /** What the cluster itself knows of a workload that did not get ready. */
  cluster?: News;
};

/** What the engine said of one run, as facts. */
export type Outcome = {
  changes: ResourceChange[];
  unchanged: number;
  /** Resources whose preview is a guess, because what reaches them is itself about to change. */
  uncertain: number;
  /** Resources that were to be changed, and turned out not to need it. */
  unneeded: number;
  policies: PolicyResult[];
  /** Versions by name: what has judged. */
  packs: Record<string, string>;
  failures: Failure[];
  warnings: string[];
};

const kinds: Partial<Record<OpType, ChangeKind>> = {
  create: 'create',
  import: 'create',
  update: 'update',
  delete: 'delete',
  replace: 'replace',
  'create-replacement': 'replace',
  'delete-replaced': 'replace',
  'import-replacement': 'replace',
};

/** Said by the engine about itself, after what it is about was said. */
const echoes = /^(preview|update|destroy|refresh) (failed|cancelled|canceled)$|context canceled/;
/** What was under way in the provider fails as well, and says more. */
const providerGone = /^Detected that .* exited prematurely/;
/** Said at the end of a run in which nothing failed: a change that was foreseen, and then nothing had to be changed. */
const unneeded = /^expected resource operations for .* but none were seen/;
/** What protection keeps from happening; the engine's advice is to take the protection away. */
const refusal =
  /^unable to (replace|delete) resource "([^"]+)"(?:\s+as part of replacing "([^"]+)")?\s+as it is currently marked for protection/;
const uncertainty = /^The provider for this resource has inputs that are not known during preview/;
/** How a provider was found is no concern of an operator's, and what a killed run has left is taken in when it stands in the way. */
const asides = /^using pulumi-\S+ from \$PATH|^Attempting to deploy or update resources with \d+ pending operations/;

/**
 * Events -> facts. Debugging output is not among them: it holds secrets in the clear. `done` counts only what was
 * finished. Every text of the engine's passes through `redact`.
 */
export function outcomeOf(
  events: readonly EngineEvent[],
  { done = false, redact = (text: string): string => text } = {},
): Outcome {
  const changes = new Map<string, ResourceChange>();
  const unchanged = new Set<string>();
  const uncertain = new Set<string>();
  const spared = new Set<string>();
  const policies = new Map<string, PolicyResult>();
  const failures = new Map<string, Failure>();
  const warnings = new Set<string>();
  let packs: Record<string, string> = {};
  for (const event of events) {
    const step = (done ? undefined : event.resourcePreEvent) ?? event.resOutputsEvent;
    if (step) {
      const { op, urn } = step.metadata;
      const kind = kinds[op];
      if (kind && !isStack(step.metadata.type))
        changes.set(urn, merged(changes.get(urn), changeOf(kind, step.metadata)));
      else if (op === 'same' && !isStack(step.metadata.type)) unchanged.add(urn);
    }
    if (event.policyEvent) {
      const { policyName: policy, enforcementLevel, resourceUrn, message } = event.policyEvent;
      const found: PolicyResult = {
        policy,
        level: enforcementLevel === 'mandatory' ? 'mandatory' : 'advisory',
        ...(resourceUrn && !isStack(typeOf(resourceUrn)) && { resource: nameOf(resourceUrn) }),
        // The first line is the policy's description, which its name stands for.
        message: redact(message.trim().split('\n').slice(1).join(' ') || message.trim()),
      };
      policies.set(JSON.stringify(found), found);
    }
    if (event.diagnosticEvent) {
      const { severity, urn, message } = event.diagnosticEvent;
      const text = redact(message.trim());
      const resource = urn && !isStack(typeOf(urn)) ? nameOf(urn) : undefined;
      if (severity === 'error' && unneeded.test(text)) spared.add(text);
      else if (severity === 'error' && !echoes.test(text)) {
        const failure = refusedIn(text) ?? { ...(resource && { resource }), message: text };
        failures.set(JSON.stringify(failure), failure);
      }
      if (severity === 'warning' && uncertainty.test(text)) uncertain.add(urn ?? '');
      else if (severity === 'warning' && !asides.test(text)) warnings.add(resource ? `${resource}: ${text}` : text);
    }
    if (event.summaryEvent) packs = packsOf(event.summaryEvent);
  }
  return {
    changes: [...changes.values()],
    unchanged: [...unchanged].filter((urn) => !changes.has(urn)).length,
    uncertain: uncertain.size,
    unneeded: spared.size,
    policies: [...policies.values()],
    packs,
    failures: [...failures.values()].filter(
      ({ message }, _, { length }) => length === 1 || !providerGone.test(message),
    ),
    warnings: [...warnings],
  };
}

function refusedIn(text: string): Failure | undefined {
  const [, verb, urn, cause] = refusal.exec(text) ?? [];
  if (urn === undefined) return undefined;
  const { lost } = changeRules(typeOf(urn));
  const message = [
    `protected, and would be ${verb === 'replace' ? 'replaced' : 'deleted'}${cause && cause !== urn ? ` with ${nameOf(cause)}` : ''}`,
    ...(lost ? [`lost with it: ${lost}`] : []),
  ];
  return { resource: nameOf(urn), message: message.join('; ') };
}

type Metadata = NonNullable<EngineEvent['resourcePreEvent']>['metadata'];

function changeOf(kind: ChangeKind, { type, urn, old, keys, diffs, detailedDiff }: Metadata): ResourceChange {
  const replacing = Object.entries(detailedDiff ?? {}).flatMap(([path, { diffKind }]) =>
    kind !== 'replace' || String(diffKind).endsWith('-replace') ? [path] : [],
  );
  const inputs = replacing.length > 0 ? replacing : ((kind === 'replace' ? keys : diffs) ?? []);
  const goes = kind === 'delete' || kind === 'replace';
  const stays = goes && old?.retainOnDelete === true;
  const lost = goes ? changeRules(type).lost : undefined;
  return {
    kind,
    type,
    name: nameOf(urn),
    inputs: [...inputs],
    ...(lost !== undefined && !stays && { lost }),
    ...(stays && { stays }),
    ...(goes && old?.protect === true && { isProtected: true }),
  };
}

/** A replacement is several steps; each may know something of it, and one that follows must not make it a mere creation. */
function merged(known: ResourceChange | undefined, next: ResourceChange): ResourceChange {
  if (!known) return next;
  const kind = known.kind === 'replace' ? known.kind : next.kind;
  return { ...known, ...next, kind, inputs: known.inputs.length > 0 ? known.inputs : next.inputs };
}

/** "perpetual|local|policies" is how the engine calls a pack in a folder. */
function packsOf(summary: NonNullable<EngineEvent['summaryEvent']>): Record<string, string> {
  // Written in capitals since its first release, whatever the declaration says.
  const packs = (summary as { PolicyPacks?: Record<string, string> }).PolicyPacks ?? summary.policyPacks ?? {};
  return Object.fromEntries(Object.entries(packs).map(([name, version]) => [name.split('|')[0] ?? name, version]));
}

/** Two runs of which the second went on where the first had failed. */
export function joined(first: Outcome, second: Outcome): Outcome {
  const again = new Map(second.changes.map((change) => [change.name, change]));
  const known = first.changes.map((change) => merged(again.get(change.name) ?? change, change));
  const names = new Set(first.changes.map(({ name }) => name));
  // What the first has changed the second finds unchanged.
  const settled = first.changes.filter(({ name }) => !again.has(name)).length;
  return {
    ...second,
    changes: [...known, ...second.changes.filter(({ name }) => !names.has(name))],
    unchanged: Math.max(second.unchanged - settled, 0),
  };
}

export const isStack = (type: string): boolean => type === 'pulumi:pulumi:Stack';
export const nameOf = (urn: string): string => urn.split('::').slice(3).join('::');
export const typeOf = (urn: string): string => urn.split('::')[2]?.split('$').at(-1) ?? '';

/** How many of each kind, for the first line and for programs. */
export function countsOf({ changes }: Pick<Outcome, 'changes'>): Record<ChangeKind, number> {
  const counts: Record<ChangeKind, number> = { create: 0, update: 0, replace: 0, delete: 0 };
  for (const { kind } of changes) counts[kind]++;
  return counts;
}
