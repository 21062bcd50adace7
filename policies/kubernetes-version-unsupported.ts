import { kubernetesStatus, kubernetesVersion, kubernetesVersions } from '../src/catalog/kubernetes-versions.ts';
import { definePolicy } from '../src/policy/policy.ts';
import { isPresent, object, text } from '../src/views.ts';

export default definePolicy({
  id: 'kubernetes-version-unsupported',
  title: 'the Kubernetes version must be one that AKS still offers',
  why: 'Azure refuses the cluster (K8sVersionNotSupported), and one that has the version gets no more fixes',
  fix: 'choose a version that is supported, the last but one for a quiet life',
  source: 'https://learn.microsoft.com/azure/aks/supported-kubernetes-versions',
  example: { wrong: 'kubernetesVersion: "1.28"', right: 'kubernetesVersion: "1.35"' },
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: false,
  resource: {
    *'azure-native:containerservice:ManagedCluster'({ inputs: { kubernetesVersion: version, sku } }, { today }) {
      const minor = /^1\.\d+(?=$|\.\d+$)/.exec(text(version) ?? '')?.[0];
      if (minor === undefined) return;
      const status = kubernetesStatus(minor, today);
      // An unknown tier may be the one that has long-term support.
      const tier = isPresent(sku) && object(sku) !== sku ? sku : object(sku).tier;
      const hasLongTerm = isPresent(tier) && (text(tier) ?? 'Premium') === 'Premium';
      if (status !== 'retired' && (status !== 'lts-only' || hasLongTerm)) return;
      const facts = kubernetesVersion(minor);
      const offered = kubernetesVersions()
        .map((each) => each.minor)
        .filter((each) => kubernetesStatus(each, today) === 'supported');
      const better = offered.at(-2) ?? offered.at(-1);
      const found =
        status === 'retired'
          ? {
              message: `AKS no longer offers Kubernetes ${minor}`,
              note: facts ? `support ended on ${facts.ltsEol}` : 'too old',
            }
          : {
              message: `AKS offers Kubernetes ${minor} only with long-term support, tier Premium`,
              note: `community support ended on ${facts?.communityEol}`,
            };
      yield {
        input: 'kubernetesVersion',
        ...found,
        help: `supported on ${today}: ${offered.map((each) => `"${each}"`).join(', ')}`,
        ...(better !== undefined && { suggestion: { value: better, safe: false } }),
      };
    },
  },
});
