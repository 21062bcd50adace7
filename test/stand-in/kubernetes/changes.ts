import type { KubernetesObject } from '../cloud.ts';
import { differences, isWithin } from '../differences.ts';
import type { Properties } from '../provider.ts';
import { at } from '../values.ts';
import { classOf } from './provisioning.ts';
import { quantity } from './quantity.ts';
import { invalid } from './refusal.ts';
import type { ClusterView } from './view.ts';

const volumeSources = [
  'awsElasticBlockStore',
  'azureDisk',
  'azureFile',
  'cephfs',
  'cinder',
  'csi',
  'fc',
  'flexVolume',
  'flocker',
  'gcePersistentDisk',
  'glusterfs',
  'hostPath',
  'iscsi',
  'local',
  'nfs',
  'photonPersistentDisk',
  'portworxVolume',
  'quobyte',
  'rbd',
  'scaleIO',
  'storageos',
  'vsphereVolume',
];

/** pulumi/pulumi-kubernetes, `provider/pkg/provider/diff.go` */
const replaced: Readonly<Record<string, readonly string[]>> = {
  ConfigMap: ['data', 'binaryData'],
  ClusterRoleBinding: ['roleRef'],
  DaemonSet: ['spec.selector'],
  Deployment: ['spec.selector'],
  Job: ['spec.completions', 'spec.parallelism', 'spec.selector', 'spec.template'],
  PersistentVolume: volumeSources.map((source) => `spec.${source}`),
  PersistentVolumeClaim: ['spec.accessModes', 'spec.selector', 'spec.storageClassName', 'spec.volumeName'],
  Pod: ['spec'],
  PodDisruptionBudget: ['spec'],
  RoleBinding: ['roleRef'],
  Secret: ['type', 'stringData', 'data'],
  Service: ['spec.clusterIP'],
  StatefulSet: ['podManagementPolicy', 'revisionHistoryLimit', 'selector', 'serviceName', 'volumeClaimTemplates'].map(
    (name) => `spec.${name}`,
  ),
  StorageClass: ['parameters', 'provisioner'],
};

/** The provider's list, and what its settings take out of it: ConfigMaps and Secrets may be made mutable. */
export function replacedBy(kind: string, settings: Properties): readonly string[] {
  const isMutable =
    (kind === 'ConfigMap' && String(settings.enableConfigMapMutable) === 'true') ||
    (kind === 'Secret' && String(settings.enableSecretMutable) === 'true');
  const own = isMutable ? (kind === 'Secret' ? ['type'] : []) : (replaced[kind] ?? []);
  return ['apiVersion', 'kind', 'metadata.name', 'metadata.namespace', ...own];
}

/** What the API server lets change in place; other fields under `within` may not (`pkg/apis/…/validation`). */
const changeable: Readonly<Record<string, { within: string; free: readonly string[]; why: string }>> = {
  StatefulSet: {
    within: 'spec',
    free: [
      'replicas',
      'ordinals',
      'template',
      'updateStrategy',
      'revisionHistoryLimit',
      'persistentVolumeClaimRetentionPolicy',
      'minReadySeconds',
    ].map((name) => `spec.${name}`),
    why: "Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
  },
  PersistentVolumeClaim: {
    within: 'spec',
    free: ['spec.resources', 'spec.volumeAttributesClassName'],
    why: 'Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims',
  },
  PersistentVolume: {
    within: 'spec',
    free: [
      'capacity',
      'accessModes',
      'persistentVolumeReclaimPolicy',
      'mountOptions',
      'claimRef',
      'volumeAttributesClassName',
    ].map((name) => `spec.${name}`),
    why: 'Forbidden: spec.persistentvolumesource is immutable after creation',
  },
  StorageClass: {
    within: '',
    free: ['metadata', 'allowVolumeExpansion', 'mountOptions', 'allowedTopologies'],
    why: 'Forbidden: updates to provisioner, parameters, reclaimPolicy and volumeBindingMode are forbidden',
  },
  Deployment: { within: 'spec.selector', free: [], why: 'field is immutable' },
  DaemonSet: { within: 'spec.selector', free: [], why: 'field is immutable' },
  Service: { within: 'spec.clusterIP', free: [], why: 'field is immutable' },
  Secret: { within: 'type', free: [], why: 'field is immutable' },
  RoleBinding: { within: 'roleRef', free: [], why: 'cannot change roleRef' },
  ClusterRoleBinding: { within: 'roleRef', free: [], why: 'cannot change roleRef' },
  Pod: {
    within: 'spec',
    free: [
      'spec.containers',
      'spec.initContainers',
      'spec.activeDeadlineSeconds',
      'spec.tolerations',
      'spec.terminationGracePeriodSeconds',
    ],
    why: 'Forbidden: pod updates may not change fields other than the image',
  },
};

export function checkChange(
  view: ClusterView,
  before: KubernetesObject,
  after: KubernetesObject,
  given: { olds: Properties; news: Properties },
): void {
  const rule = changeable[after.kind];
  for (const path of Object.keys(differences(given.olds, given.news, () => false))) {
    const plain = path.replace(/\[\d+\]/g, '');
    const isInside = rule && (rule.within === '' || isWithin(plain, [rule.within]));
    if (isInside && !isWithin(plain, rule.free)) throw invalid(after, path, rule.why);
  }
  if (
    before.immutable === true &&
    (JSON.stringify(before.data) !== JSON.stringify(after.data) || after.immutable !== true)
  ) {
    throw invalid(after, 'data', 'Forbidden: field is immutable when `immutable` is set');
  }
  if (after.kind === 'PersistentVolumeClaim') checkSize(view, before, after);
}

/** https://kubernetes.io/docs/concepts/storage/persistent-volumes#expanding-persistent-volumes-claims */
function checkSize(view: ClusterView, before: KubernetesObject, after: KubernetesObject): void {
  const path = ['spec', 'resources', 'requests', 'storage'];
  const [old, size] = [quantity(at(before, path)) ?? 0, quantity(at(after, path)) ?? 0];
  if (size < old)
    throw invalid(after, 'spec.resources.requests.storage', 'Forbidden: field can not be less than status.capacity');
  const className = at(after, ['spec', 'storageClassName']);
  const own = classOf(view, { storageClassName: className as string | undefined });
  if (size > old && (className === '' || own?.allowVolumeExpansion !== true)) {
    throw invalid(
      after,
      'spec.resources.requests.storage',
      'Forbidden: only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
    );
  }
}
