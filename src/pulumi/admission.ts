import * as pulumi from '@pulumi/pulumi';
import { copyWarning } from '../catalog/copy.ts';
import { UsageError } from '../files.ts';
import type { Plan } from '../plan.ts';
import type { Source } from '../spec/source.ts';
import { foreignLogin } from './login.ts';
import { isPackRunning } from './pack-marker.ts';
import { resolveSecrets, type SecretValues } from './secrets.ts';
import { errorsOf, type JudgedSpec, placeOf } from './stack-spec.ts';

/** What may be registered: a whole plan and every secret it needs. */
export type Admitted = { plan: Plan; secrets: SecretValues; source: Source };

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
  const { compiled } = judged;
  const { plan, complete } = compiled;
  const { faults, violations } = errorsOf(judged);
  const warning = copyWarning(judged.catalog);
  if (warning !== undefined) pulumi.log.warn(warning);

  if (faults.length > 0 || !plan || !complete) refuse('the spec has errors', faults);
  if (environment !== undefined && environment !== compiled.environment)
    refuse(`the stack is "${environment}" and the spec is for "${compiled.environment}"`);
  const foreign = foreignLogin(plan, process.env);
  if (foreign !== undefined) refuse(`${placeOf(judged, 'azure.subscription')}${foreign}`);
  // Nothing may exist before it is judged. Only in a preview with the pack beside it the pack names the violation.
  if (violations.length > 0 && !(pulumi.runtime.isDryRun() && isPackRunning()))
    refuse('a policy is violated', violations);

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
  return { plan, secrets: values, source: compiled.loaded.source };
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
