import type { apps, policy } from '@pulumi/kubernetes/types/input.js';
import type { Failure, Properties, Resolved } from '../provider.ts';
import { UNKNOWN } from '../values.ts';

type Strategy = Resolved<apps.v1.DeploymentStrategy>;
type Budget = Resolved<policy.v1.PodDisruptionBudgetSpec>;

/** How pods are replaced and how many may be missing: `pkg/apis/apps/validation` and `pkg/apis/policy/validation`. */
export function rolloutFailures(kind: string, object: Properties): Failure[] {
  const failures: Failure[] = [];
  const fail = (property: string, why: string): void => void failures.push({ property, reason: `${property}: ${why}` });
  const checkAmount = (property: string, amount: unknown): void => {
    if (amount === undefined || amount === UNKNOWN) return;
    const isRight = typeof amount === 'number' ? amount >= 0 : /^\d+%$/.test(String(amount));
    if (!isRight || (typeof amount === 'string' && Number.parseInt(amount, 10) > 100))
      fail(property, `Invalid value: "${amount}": must be an integer or a percentage of at most 100%`);
  };

  if (kind === 'Deployment') {
    const { strategy } = (object.spec ?? {}) as { strategy?: Strategy };
    const { type, rollingUpdate } = strategy ?? {};
    if (type === 'Recreate' && rollingUpdate)
      fail('spec.strategy.rollingUpdate', "Forbidden: may not be specified when strategy `type` is 'Recreate'");
    checkAmount('spec.strategy.rollingUpdate.maxSurge', rollingUpdate?.maxSurge);
    checkAmount('spec.strategy.rollingUpdate.maxUnavailable', rollingUpdate?.maxUnavailable);
    if (isNone(rollingUpdate?.maxUnavailable) && isNone(rollingUpdate?.maxSurge))
      fail('spec.strategy.rollingUpdate.maxUnavailable', 'Invalid value: 0: may not be 0 when `maxSurge` is 0');
  }
  if (kind === 'PodDisruptionBudget') {
    const {
      minAvailable,
      maxUnavailable,
      selector,
      unhealthyPodEvictionPolicy: unhealthy,
    } = (object.spec ?? {}) as Budget;
    if (minAvailable !== undefined && maxUnavailable !== undefined)
      fail('spec', 'Invalid value: minAvailable and maxUnavailable cannot be both set');
    // The API server takes a budget of nothing, and its controller then counts no pods.
    if (minAvailable === undefined && maxUnavailable === undefined)
      fail('spec', 'Required value: minAvailable or maxUnavailable');
    checkAmount('spec.minAvailable', minAvailable);
    checkAmount('spec.maxUnavailable', maxUnavailable);
    if (!selector) fail('spec.selector', 'Required value: a budget without a selector is for no pods');
    if (unhealthy !== undefined && unhealthy !== UNKNOWN && !['IfHealthyBudget', 'AlwaysAllow'].includes(unhealthy))
      fail(
        'spec.unhealthyPodEvictionPolicy',
        `Unsupported value: "${unhealthy}": supported values: "AlwaysAllow", "IfHealthyBudget"`,
      );
  }
  return failures;
}

const isNone = (amount: unknown): boolean => amount === 0 || amount === '0%';
