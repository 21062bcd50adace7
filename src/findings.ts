import { basename, dirname } from 'node:path/posix';
import type { CheckFinding } from './checks/check.ts';
import type { Diagnostic } from './diagnostic.ts';
import { labelAt, specPathOf } from './locate.ts';
import type { Plan } from './plan.ts';
import { isStricter, isWaivable, levelOf, type PolicyConfig } from './policy/config.ts';
import type { Level, Policy, Stage } from './policy/policy.ts';
import type { Verdict } from './policy/run.ts';
import { type WaiverState, waiverFor } from './policy/waivers.ts';
import type { LoadedSpec } from './spec/load.ts';
import { didYouMean, nearestName } from './spec/nearest-name.ts';
import { find } from './spec/node.ts';
import { childPath } from './spec/path.ts';
import type { Spec } from './spec/schema.ts';
import { record, tracked } from './spec/track.ts';

/** Whatever checks, policies and the bill have to say becomes a diagnostic at the line it came from here, and nowhere else. */

export function fromCheck(
  loaded: LoadedSpec,
  { code, severity = 'error', path, message, note, help, related, suggestion }: CheckFinding,
): Diagnostic {
  return {
    code,
    severity,
    message,
    path,
    labels: [labelAt(loaded, path, note), ...(related ? [labelAt(loaded, related.path, related.message)] : [])],
    ...(help !== undefined && { help }),
    ...fixAt(loaded, path, suggestion),
  };
}

/** The edit that writes the suggested value where the present one stands; nothing where none is written. */
function fixAt(loaded: LoadedSpec, path: string, suggestion: CheckFinding['suggestion']): Pick<Diagnostic, 'fixes'> {
  const found = find(loaded.root, path)?.node;
  if (!suggestion || found?.kind !== 'scalar') return {};
  const { value, safe } = suggestion;
  const edits = [{ range: found.anchoredAt ?? found.range, newText: scalarText(value) }];
  return { fixes: [{ title: `write ${value}`, safe, edits }] };
}

// A text that YAML would read as something else must be quoted.
const scalarText = (value: string | number): string =>
  typeof value === 'string' && /^[\d.]/.test(value) ? `"${value}"` : String(value);

/** The folder under specs/ is what tools go by; one that is called otherwise deploys to a stack nobody expects. */
export function* folderMismatch(
  loaded: LoadedSpec,
  file: string,
  environment: string | undefined,
): Generator<Diagnostic> {
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
export function* policySettings(
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
    return `there is no policy "${id}"${didYouMean(near)}`;
  };
  const settings = record(() => tracked(spec).policies);
  if (settings.hole) return;
  for (const [id, level] of Object.entries(spec.policies.levels ?? {})) {
    const path = childPath('policies.levels', id);
    const policy = policies.find((each) => each.id === id);
    if (!policy) {
      const range = find(loaded.root, path)?.key;
      yield { ...error(path, unknown(id)), ...(range && { labels: [{ file: loaded.source.file, range }] }) };
    } else if (typeof level === 'string' && isStricter(levelOf(policy, stage, config).set, level)) {
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

export function* fromVerdict(
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
  const path = finding.path ?? specPathOf(loaded, resource, finding.input ?? '');
  const waived = waiverFor(spec, policy, config, path, today);
  yield {
    code: policy.id,
    severity: inForce === 'mandatory' ? 'error' : policy.advice ? 'info' : 'warning',
    level: inForce,
    message: finding.message,
    path,
    labels: [labelAt(loaded, path, finding.note)],
    why: policy.why,
    help: finding.help ?? policy.fix,
    url: policy.source,
    ...(resource && { resource: { type: resource.type, name: resource.name, path: finding.input ?? '' } }),
    ...fixAt(loaded, path, finding.suggestion),
    ...(waived && { waived }),
  };
}

/** An exemption is never eternal or silent: one that has ended, and one that exempts nothing, are said. */
export function* fromWaivers(loaded: LoadedSpec, waivers: readonly WaiverState[]): Generator<Diagnostic> {
  for (const { index, state, used, policy, expires } of waivers) {
    const path = (key: string): string => `policies.waivers[${index}].${key}`;
    if (state === 'expired') {
      yield {
        code: 'waiver/expired',
        severity: 'warning',
        level: 'advisory',
        message: `the waiver of "${policy}" ended on ${expires}`,
        path: path('expires'),
        labels: [labelAt(loaded, path('expires'))],
        help:
          used === false
            ? 'remove it: there is nothing left that it would accept'
            : 'mend what it accepted and remove it, or have it accepted anew',
      };
    } else if (state === 'valid' && used === false) {
      yield {
        code: 'waiver/unused',
        severity: 'info',
        level: 'advisory',
        message: `there is nothing that the waiver of "${policy}" accepts`,
        path: path('policy'),
        labels: [labelAt(loaded, path('policy'))],
        help: 'remove it, so that it accepts nothing new',
      };
    }
  }
}
