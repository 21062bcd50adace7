import { basename, dirname } from 'node:path/posix';
import type { CheckFinding } from './checks/check.ts';
import type { Diagnostic } from './diagnostic.ts';
import { fixesOf, removing, writing } from './edit/mend.ts';
import { labelAt, specPathOf } from './locate.ts';
import { mendsOfPolicy } from './mends/policies.ts';
import type { Plan } from './plan.ts';
import { isStricter, isWaivable, levelOf, type PolicyConfig } from './policy/config.ts';
import type { Level, Policy, Stage } from './policy/policy.ts';
import type { Verdict } from './policy/run.ts';
import { type WaiverState, waiverFor } from './policy/waivers.ts';
import type { LoadedSpec } from './spec/load.ts';
import { didYouMean, nearestName, nearNames } from './spec/nearest-name.ts';
import { find } from './spec/node.ts';
import { childPath } from './spec/path.ts';
import type { Spec } from './spec/schema.ts';
import { record, tracked } from './spec/track.ts';

/** Whatever checks, policies and the bill have to say becomes a diagnostic at the line it came from here, and nowhere else. */

export function fromCheck(
  loaded: LoadedSpec,
  { code, severity = 'error', path, message, note, help, related, mends }: CheckFinding,
): Diagnostic {
  return {
    code,
    severity,
    message,
    path,
    labels: [labelAt(loaded, path, note), ...(related ? [labelAt(loaded, related.path, related.message)] : [])],
    ...(help !== undefined && { help }),
    ...fixesOf(loaded, mends),
  };
}

/** What the reader of the file found, with its mends as edits. */
export const fromLoaded = (loaded: LoadedSpec): Diagnostic[] =>
  loaded.diagnostics.map(({ mends, ...diagnostic }) => ({ ...diagnostic, ...fixesOf(loaded, mends) }));

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
    ...fixesOf(loaded, [writing('metadata.environment', basename(folder))]),
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
  const unknown = (id: string): string => `there is no policy "${id}"${didYouMean(nearestName(id, ids))}`;
  const settings = record(() => tracked(spec).policies);
  if (settings.hole) return;
  for (const [id, level] of Object.entries(spec.policies.levels ?? {})) {
    const path = childPath('policies.levels', id);
    const policy = policies.find((each) => each.id === id);
    if (!policy) {
      const range = find(loaded.root, path)?.key;
      const [near, ...others] = nearNames(id, ids);
      const edits = range && near !== undefined ? [{ range, newText: near }] : [];
      yield {
        ...error(path, unknown(id)),
        ...(range && { labels: [{ file: loaded.source.file, range }] }),
        ...(near && { fixes: [{ title: `rename it to "${near}"`, safe: others.length === 0, edits }] }),
      };
    } else if (typeof level === 'string' && isStricter(levelOf(policy, stage, config).set, level)) {
      yield {
        ...error(
          path,
          `"${id}" is ${levelOf(policy, stage, config).set} in ${stage}: a spec can only make it stricter; to accept a violation use policies.waivers`,
        ),
        ...fixesOf(loaded, [removing(path, true)]),
      };
    }
  }
  for (const [index, waiver] of [...(Array.isArray(spec.policies.waivers) ? spec.policies.waivers : [])].entries()) {
    const path = `policies.waivers[${index}].policy`;
    const policy = policies.find(({ id }) => id === waiver?.policy);
    if (typeof waiver?.policy !== 'string') continue;
    const [near, ...others] = nearNames(waiver.policy, ids);
    if (!policy)
      yield {
        ...error(path, unknown(waiver.policy)),
        ...fixesOf(loaded, near === undefined ? [] : [writing(path, near, others.length === 0)]),
      };
    else if (!isWaivable(policy, config))
      yield {
        ...error(path, `"${policy.id}" can't be waived`),
        ...fixesOf(loaded, [removing(`policies.waivers[${index}]`, true)]),
      };
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
    ...fixesOf(loaded, [
      ...(finding.suggestion ? [writing(path, finding.suggestion.value, finding.suggestion.safe)] : []),
      ...mendsOfPolicy({ policy: policy.id, path, spec }),
    ]),
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
        ...fixesOf(loaded, used === false ? [removing(`policies.waivers[${index}]`, true)] : []),
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
        ...fixesOf(loaded, [removing(`policies.waivers[${index}]`, true)]),
      };
    }
  }
}
