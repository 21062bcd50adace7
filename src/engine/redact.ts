import type { Plan } from '../plan.ts';
import { resolveSecrets, type SecretProblem } from '../pulumi/secrets.ts';

/** Takes out of a text what must not be seen in it. */
export type Redact = (text: string) => string;

/** Shorter ones are no secrets, and would make holes in ordinary words. */
const shortest = 6;
/** Of several lines each, of which a log may show the last ones only. */
const shortestLine = 20;

/** Every secret of a plan, looked up before anything is started, as something that takes it out of what others say. */
export function secretsOf(
  plan: Plan | undefined,
  env: NodeJS.ProcessEnv,
  root: string,
): { redact: Redact; problems: SecretProblem[] } {
  const { values, problems } = plan ? resolveSecrets(plan, {}, env, root) : { values: new Map(), problems: [] };
  const known = [...values.values(), env.PULUMI_ACCESS_TOKEN, env.PULUMI_CONFIG_PASSPHRASE, env.ARM_CLIENT_SECRET]
    .filter((value): value is string => typeof value === 'string' && value.length >= shortest)
    .flatMap((value) => [value, ...value.split('\n').filter((line) => line.length >= shortestLine)])
    // As it is written in a Kubernetes Secret, and in JSON.
    .flatMap((value) => [value, Buffer.from(value).toString('base64'), JSON.stringify(value).slice(1, -1)]);
  const longestFirst = [...new Set(known)].sort((a, b) => b.length - a.length);
  return {
    redact: (text) => longestFirst.reduce((rest, value) => rest.replaceAll(value, '[secret]'), text),
    problems,
  };
}
