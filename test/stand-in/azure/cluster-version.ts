import { kubernetesStatus, kubernetesVersion } from '../../../src/catalog/kubernetes-versions.ts';
import { badRequest, invalidParameter } from './error.ts';

type Support = { sku?: { tier?: string }; supportPlan?: string; location?: string };

/**
 * What can be created on a day, and the pair that buys long-term support
 * (https://learn.microsoft.com/azure/aks/supported-kubernetes-versions, `…/long-term-support`); messages as in
 * https://github.com/apecloud/kubeblocks/issues/10136.
 */
export function checkVersion(
  today: string,
  version: string | undefined,
  { sku, supportPlan, location }: Support,
  before?: string,
): void {
  const isPremium = sku?.tier?.toLowerCase() === 'premium';
  const isLongTerm = supportPlan?.toLowerCase() === 'akslongtermsupport';
  if (isPremium !== isLongTerm) {
    throw invalidParameter('supportPlan', 'The Premium tier and the support plan AKSLongTermSupport go together.');
  }
  if (version === undefined || version === before) return; // what runs may go on running
  if (!/^1\.\d+(\.\d+)?$/.test(version)) throw invalidParameter('kubernetesVersion', `'${version}' is not a version.`);
  const status = kubernetesStatus(version, today);
  if (status === 'supported' && isReleased(version)) return;
  if (status === 'lts-only') {
    if (isLongTerm) return;
    throw badRequest(
      'K8sVersionNotSupported',
      `Managed cluster is on version ${version} which is only available for Long-Term Support (LTS). If you intend to onboard to LTS, please ensure the cluster is in Premium tier and LTS support plan. Otherwise, use [az aks get-versions] command to get the supported version list in this region.`,
    );
  }
  throw badRequest(
    'K8sVersionNotSupported',
    `Managed cluster is on version ${version} which is not supported in this region. Please use [az aks get-versions] command to get the supported version list in this region '${location}'.`,
  );
}

/** Newer patches than the catalog has seen do not exist for the stand-in. */
function isReleased(version: string): boolean {
  const newest = kubernetesVersion(version)?.newestPatchSeen;
  return !newest || patch(version) <= patch(newest);
}

/**
 * One minor at a time and never back (https://learn.microsoft.com/azure/aks/upgrade-aks-control-plane), and all pools'
 * versions given or none (https://learn.microsoft.com/azure/aks/auto-upgrade-cluster).
 */
export function checkUpgrade(
  before: string | undefined,
  after: string | undefined,
  pools: readonly { orchestratorVersion?: string }[],
): void {
  if (before === undefined || after === undefined || before === after) return;
  const steps = minor(after) - minor(before);
  if (steps > 1 || steps < 0 || (steps === 0 && patch(after) < patch(before))) {
    throw badRequest(
      'OperationNotAllowed',
      `Upgrading Kubernetes version ${before} to ${after} is not allowed. Available upgrades: [1.${minor(before) + 1}].`,
    );
  }
  const pinned = pools.filter((pool) => pool.orchestratorVersion !== undefined).length;
  if (pinned !== 0 && pinned !== pools.length) {
    throw badRequest(
      'NotAllAgentPoolOrchestratorVersionSpecifiedAndUnchanged',
      "Using managed cluster api, all Agent pools' OrchestratorVersion must be all specified or all unspecified.",
    );
  }
}

/** A pool is at most three minors behind its control plane, and never ahead. */
export function checkSkew(pool: string, controlPlane: string): void {
  const behind = minor(controlPlane) - minor(pool);
  if (behind >= 0 && behind <= 3) return;
  throw badRequest(
    'NodePoolMcVersionIncompatible',
    `Node pool version ${pool} and control plane version ${controlPlane} are incompatible.`,
  );
}

const minor = (version: string): number => Number(version.split('.')[1]);
const patch = (version: string): number => Number(version.split('.')[2] ?? 0);
