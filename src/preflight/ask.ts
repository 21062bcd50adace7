import { Arm, endpointOf } from '../azure/arm.ts';
import { credentialOf } from '../azure/credential.ts';
import type { Compiled } from '../compile.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { UsageError } from '../files.ts';
import { foreignLogin } from '../pulumi/login.ts';
import { preflight, subscriptionOf } from './preflight.ts';

/** Logs in as a deployment does, and asks. */
export async function askAzure(compiled: Compiled, env: NodeJS.ProcessEnv, timeoutMs: number): Promise<Diagnostic[]> {
  const subscription = subscriptionOf(compiled);
  const { plan, loaded } = compiled;
  if (!plan || !compiled.complete || subscription === undefined)
    throw new UsageError(
      `what ${loaded.source.file} needs can't be known: "perpetual check" says what is wrong with it`,
      1,
    );
  const foreign = foreignLogin(plan, env);
  if (foreign !== undefined) throw new UsageError(foreign, 3);
  const credential = credentialOf(env, subscription);
  return preflight(compiled, new Arm({ credential, endpoint: endpointOf(env), timeoutMs }), subscription);
}
