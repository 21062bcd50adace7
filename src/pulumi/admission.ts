import * as pulumi from '@pulumi/pulumi';
import { copyWarning } from '../catalog/copy.ts';
import { counts, type Diagnostic } from '../diagnostic.ts';
import { UsageError } from '../files.ts';
import type { Plan } from '../plan.ts';
import { find } from '../spec/node.ts';
import { isPackRunning } from './pack-marker.ts';
import { resolveSecrets, type SecretValues } from './secrets.ts';
import { type JudgedSpec, positionIn } from './stack-spec.ts';

/** What may be registered: a whole plan and every secret it needs. */
export type Admitted = { plan: Plan; secrets: SecretValues };

export type Conditions = {
  /** Where `file:` references start from. */
  root: string;
  /** The environment the spec must be for. */
  environment?: string;
  /** Values that take the place of the environment's and the files', by reference. */
  secrets?: Readonly<Record<string, pulumi.Input<string>>>;
};

/** The one gate before anything is registered, whoever deploys: what may not be deployed ends the program with its reasons. */
export function admit(read: () => JudgedSpec, { root, environment, secrets = {} }: Conditions): Admitted {
  const judged = orRefuse(read);
  const { compiled, diagnosticsBesides } = judged;
  const { plan, complete } = compiled;
  const warning = copyWarning(judged.catalog);
  if (warning !== undefined) pulumi.log.warn(warning);
  const errors = [...diagnosticsBesides, ...compiled.diagnostics].filter(
    (diagnostic) => diagnostic.severity === 'error' && counts(diagnostic),
  );
  const faults = errors.filter(({ level }) => level === undefined);
  const violations = errors.filter(({ level }) => level !== undefined);
  const lines = (diagnostics: readonly Diagnostic[]) => diagnostics.map((diagnostic) => oneLine(judged, diagnostic));

  if (faults.length > 0 || !plan || !complete) refuse('the spec has errors', lines(faults));
  if (environment !== undefined && environment !== compiled.environment)
    refuse(`the stack is "${environment}" and the spec is for "${compiled.environment}"`);
  // Nothing may exist before it is judged. Only in a preview with the pack beside it the pack names the violation.
  if (violations.length > 0 && !(pulumi.runtime.isDryRun() && isPackRunning()))
    refuse('a policy is violated', lines(violations));

  const { values, problems, unused } = resolveSecrets(plan, secrets, process.env, root);
  if (problems.length > 0)
    refuse(
      'a secret is missing',
      problems.map(({ path, message }) => `${placeOf(judged, path)}${path}: ${message}`),
    );
  if (unused.length > 0)
    refuse(
      'a secret is given that the spec does not ask for',
      unused.map((reference) => `"${reference}" is no reference of the spec`),
    );
  return { plan, secrets: values };
}

/** A file that can't be used is refused like what is written in it. */
function orRefuse<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof UsageError) refuse(error.message);
    throw error;
  }
}

function refuse(reason: string, details: readonly string[] = []): never {
  throw new pulumi.RunError(
    [`perpetual refuses to deploy: ${reason}`, ...details.map((detail) => `  ${detail}`)].join('\n'),
  );
}

/** One line for a finding, as it appears among the engine's own messages. */
function oneLine(judged: JudgedSpec, { code, message, path, labels: [{ file, range }], help }: Diagnostic): string {
  const { compiled, besides, isData } = judged;
  const beside = besides.find((source) => source.file === file);
  const source = beside ?? compiled.loaded.source;
  const place =
    isData && !beside ? `${file}: ${path === '' ? '' : `${path}: `}` : `${positionIn(source, range.start)}: `;
  return `${place}${code}: ${message}${help ? ` (fix: ${help})` : ''}`;
}

/** Data has no lines: there the path alone says where. */
function placeOf({ compiled: { loaded }, isData }: JudgedSpec, path: string): string {
  return isData
    ? `${loaded.source.file}: `
    : `${positionIn(loaded.source, find(loaded.root, path)?.node.range.start ?? 0)}: `;
}
