import type { Plan } from '../plan.ts';
import { text } from '../views.ts';

/**
 * Whoever names a subscription beside the spec must mean the same one. Resources go into the spec's whatever the login
 * says; but who is logged in elsewhere has the wrong rights, or the wrong spec.
 */
export function foreignLogin({ resources }: Plan, env: NodeJS.ProcessEnv): string | undefined {
  const wanted = text(resources.find(({ type }) => type === 'pulumi:providers:azure-native')?.inputs.subscriptionId);
  const given = env.ARM_SUBSCRIPTION_ID;
  return wanted && given && given.toLowerCase() !== wanted.toLowerCase()
    ? `the login is for the subscription "${given}" (ARM_SUBSCRIPTION_ID), and the spec is for "${wanted}"`
    : undefined;
}
