import { ofType } from '../../policy/references.ts';
import { text } from '../../views.ts';
import { type Found, type Question, whenAnswered } from '../question.ts';

/** https://learn.microsoft.com/rest/api/aks/managed-clusters/list-kubernetes-versions */
type Versions = {
  values?: {
    version: string;
    isPreview?: boolean;
    capabilities?: { supportPlan?: string[] };
    patchVersions?: Record<string, unknown>;
  }[];
};

/** Does AKS offer the version in the region today, to whoever has that support plan? */
export const kubernetesOffered: Question = async ({ arm, scope, region, resources, existing }) => {
  const [cluster] = ofType(resources, 'azure-native:containerservice:ManagedCluster');
  const wanted = text(cluster?.inputs.kubernetesVersion);
  if (!cluster || wanted === undefined || existing.cluster.is === 'unknown') return [];
  const running =
    existing.cluster.is === 'there' ? existing.cluster.value.properties.currentKubernetesVersion : undefined;
  // A cluster keeps its version for as long as it likes.
  if (running === wanted || running?.startsWith(`${wanted}.`)) return [];
  const place = { resource: cluster.name, input: 'kubernetesVersion' };
  const path = `${scope}/providers/Microsoft.ContainerService/locations/${region}/kubernetesVersions`;
  const plan = text(cluster.inputs.supportPlan) ?? 'KubernetesOfficial';
  const answer = await arm.get<Versions>(path, '2024-05-01');
  return whenAnswered('the versions of Kubernetes', place, answer, function* (found): Generator<Found> {
    const values = found?.values ?? [];
    const about = { code: 'preflight/version-unavailable', severity: 'error', place } as const;
    const [minor = ''] = /^\d+\.\d+/.exec(wanted) ?? [];
    const offered = values.find(({ version }) => version === minor);
    const all = values
      .filter(({ capabilities, isPreview }) => !isPreview && (capabilities?.supportPlan ?? [plan]).includes(plan))
      .map(({ version }) => version)
      .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
    const help = `choose one of ${all.join(', ')}`;
    const patches = Object.keys(offered?.patchVersions ?? {});
    if (!offered) yield { ...about, message: `AKS does not offer Kubernetes ${minor} in ${region}`, help };
    else if (!(offered.capabilities?.supportPlan ?? [plan]).includes(plan))
      yield {
        ...about,
        message: `AKS offers Kubernetes ${minor} in ${region} only with ${offered.capabilities?.supportPlan?.join(', ')}`,
        help,
      };
    else if (wanted !== minor && !patches.includes(wanted))
      yield {
        ...about,
        message: `AKS does not offer the patch ${wanted} in ${region}`,
        help: `write "${minor}", or one of ${patches.join(', ')}`,
      };
    else if (offered.isPreview)
      yield {
        ...about,
        severity: 'warning',
        message: `Kubernetes ${minor} is a preview in ${region}: nobody supports it`,
        help,
      };
  });
};
