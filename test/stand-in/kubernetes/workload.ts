import type { KubernetesObject } from '../cloud.ts';
import { violations } from './pod-security.ts';
import { containersOf, type Pod, podOf } from './pods.ts';
import { bindClaims, claimsOf } from './provisioning.ts';
import { neverReady, Refusal } from './refusal.ts';
import { roomFor } from './scheduling.ts';
import { checkSecretMount } from './secrets-store.ts';
import type { ClusterView } from './view.ts';
import { checkAttachable, diskBehind } from './volumes.ts';

type Reference = {
  kind: 'ConfigMap' | 'Secret' | 'PersistentVolumeClaim' | 'ServiceAccount';
  name: string;
  keys: string[];
};

/**
 * Whether the pods of a workload would ever run. The API server takes a StatefulSet whose pods cannot start;
 * pulumi-kubernetes then waits ten minutes and fails, so the stand-in refuses at once and says what the events would.
 */
export function checkWorkload(view: ClusterView, workload: KubernetesObject): void {
  const pod = podOf(workload.kind, workload);
  if (!pod) return;
  const { namespace } = workload.metadata;
  for (const { kind, name, keys } of references(pod)) {
    if (!view.has(kind, name, namespace)) throw neverReady(workload, absent(kind, name));
    const held = view.find(kind, name, namespace);
    const lost = keys.find((key) => held && !(key in { ...(held.data as object), ...(held.binaryData as object) }));
    if (lost !== undefined) throw neverReady(workload, `couldn't find key ${lost} in ${kind} ${namespace}/${name}`);
  }
  checkSecurity(view, workload, pod);
  for (const volume of pod.spec.volumes ?? []) {
    const disk = volume.persistentVolumeClaim && diskBehind(view, volume.persistentVolumeClaim.claimName, namespace);
    if (disk) checkAttachable(view, workload, disk);
    if (volume.csi?.driver === 'secrets-store.csi.k8s.io')
      checkSecretMount(view, workload, pod, volume.csi.volumeAttributes?.secretProviderClass);
  }
  checkSharing(view, workload, pod);
  const pool = roomFor(view, workload, pod);
  const used = (pod.spec.volumes ?? []).flatMap((volume) => volume.persistentVolumeClaim?.claimName ?? []);
  bindClaims(view, [...used, ...claimsOf(view, workload)], namespace, pool);
}

/** A volume for one pod is not for two; memory and disks are the only places a pod's own files can be. */
function checkSharing(view: ClusterView, workload: KubernetesObject, pod: Pod): void {
  const { replicas = 1 } = (workload.spec ?? {}) as { replicas?: number };
  for (const { persistentVolumeClaim, emptyDir } of pod.spec.volumes ?? []) {
    const claim = view.find('PersistentVolumeClaim', persistentVolumeClaim?.claimName, workload.metadata.namespace);
    const { accessModes = [] } = (claim?.spec ?? {}) as { accessModes?: string[] };
    if (replicas > 1 && accessModes.join() === 'ReadWriteOncePod')
      throw neverReady(
        workload,
        'node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode',
      );
    if (emptyDir?.medium && emptyDir.medium !== 'Memory')
      throw neverReady(workload, `MountVolume.SetUp failed: unknown storage medium "${emptyDir.medium}"`);
  }
}

/** Everything a pod cannot start without. */
function references(pod: Pod): Reference[] {
  const found: Reference[] = [];
  const add = (kind: Reference['kind'], name: string | undefined, optional?: boolean, keys: string[] = []): void => {
    if (name !== undefined && !optional) found.push({ kind, name, keys });
  };
  const { spec } = pod;
  add('ServiceAccount', spec.serviceAccountName);
  for (const secret of spec.imagePullSecrets ?? []) add('Secret', secret.name);
  for (const { persistentVolumeClaim, configMap, secret, projected } of spec.volumes ?? []) {
    add('PersistentVolumeClaim', persistentVolumeClaim?.claimName);
    add('ConfigMap', configMap?.name, configMap?.optional, keysOf(configMap?.items));
    add('Secret', secret?.secretName, secret?.optional, keysOf(secret?.items));
    for (const source of projected?.sources ?? []) {
      add('ConfigMap', source.configMap?.name, source.configMap?.optional, keysOf(source.configMap?.items));
      add('Secret', source.secret?.name, source.secret?.optional, keysOf(source.secret?.items));
    }
  }
  for (const { env = [], envFrom = [] } of containersOf(spec)) {
    for (const { valueFrom } of env) {
      add(
        'ConfigMap',
        valueFrom?.configMapKeyRef?.name,
        valueFrom?.configMapKeyRef?.optional,
        [valueFrom?.configMapKeyRef?.key ?? ''].filter(Boolean),
      );
      add(
        'Secret',
        valueFrom?.secretKeyRef?.name,
        valueFrom?.secretKeyRef?.optional,
        [valueFrom?.secretKeyRef?.key ?? ''].filter(Boolean),
      );
    }
    for (const { configMapRef, secretRef } of envFrom) {
      add('ConfigMap', configMapRef?.name, configMapRef?.optional);
      add('Secret', secretRef?.name, secretRef?.optional);
    }
  }
  return found;
}

const keysOf = (items: readonly { key: string }[] | undefined): string[] => (items ?? []).map(({ key }) => key);

function absent(kind: Reference['kind'], name: string): string {
  if (kind === 'PersistentVolumeClaim') return `persistentvolumeclaim "${name}" not found`;
  if (kind === 'ServiceAccount') return `error looking up service account: serviceaccount "${name}" not found`;
  return `MountVolume.SetUp failed: ${kind.toLowerCase()} "${name}" not found`;
}

/** https://kubernetes.io/docs/concepts/security/pod-security-admission */
function checkSecurity(view: ClusterView, workload: KubernetesObject, pod: Pod): void {
  const namespace = view.find('Namespace', workload.metadata.namespace);
  const labels = (namespace?.metadata.labels ?? {}) as Record<string, string>;
  const level = labels['pod-security.kubernetes.io/enforce'];
  const found = violations(level, pod.spec);
  if (found.length === 0) return;
  const message = `pods "${workload.metadata.name}-0" is forbidden: violates PodSecurity "${level}:latest": ${found.join(', ')}`;
  throw workload.kind === 'Pod' ? new Refusal(message) : neverReady(workload, message);
}
