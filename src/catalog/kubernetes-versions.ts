import { readData } from './files.ts';

/** One minor version in AKS; dates are `YYYY-MM-DD`, both ends of support inclusive. */
export type KubernetesVersion = {
  /** As in `1.34`. */
  minor: string;
  /** GA month of the AKS calendar, `YYYY-MM`. */
  gaMonth: string;
  /** Day of the GA release note; null = planned, not confirmed by any source. */
  gaDate: string | null;
  communityEol: string;
  /** End of long-term support, which needs the Premium tier and the AKSLongTermSupport plan. */
  ltsEol: string;
  /** Which later GA ends platform support, as in `1.38 GA`. */
  platformSupportUntil: string | null;
  newestPatchSeen: string | null;
  note?: string;
};

/** `unknown-newer`: above all versions of the catalog, so it may exist and the catalog cannot tell. */
export type KubernetesStatus = 'planned' | 'supported' | 'lts-only' | 'retired' | 'unknown-newer';

type Versions = { asOf: string; versions: KubernetesVersion[] };

const data = (): Versions => readData<Versions>('kubernetes-versions.json');

/** All versions the catalog knows, oldest first. */
export const kubernetesVersions = (): readonly KubernetesVersion[] => data().versions;

/** Last day the sources were seen to hold, `YYYY-MM-DD`. */
export const kubernetesVersionsAsOf = (): string => data().asOf;

/** The minor version as in `1.34`; a patch (`1.34.9`) finds its minor. */
export function kubernetesVersion(minor: string): KubernetesVersion | undefined {
  const wanted = /^1\.\d+(?=$|\.\d+$)/.exec(minor)?.[0];
  return data().versions.find((version) => version.minor === wanted);
}

/** Where a version stands on a day (`YYYY-MM-DD`); throws for text that is no version. */
export function kubernetesStatus(minor: string, today: string): KubernetesStatus {
  const version = kubernetesVersion(minor);
  if (!version) return numberOf(minor) > numberOf(data().versions.at(-1)?.minor ?? '') ? 'unknown-newer' : 'retired';
  if (today > version.ltsEol) return 'retired';
  if (today > version.communityEol) return 'lts-only';
  // A planned month that has passed is still only a plan: AKS releases slip.
  return version.gaDate !== null && today >= version.gaDate ? 'supported' : 'planned';
}

function numberOf(minor: string): number {
  const digits = /^1\.(\d+)(?:\.\d+)?$/.exec(minor)?.[1];
  if (digits === undefined) throw new Error(`"${minor}" is no Kubernetes version`);
  return Number(digits);
}
