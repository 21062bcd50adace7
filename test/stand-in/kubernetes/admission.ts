import type { KubernetesObject } from '../cloud.ts';
import { at } from '../values.ts';
import { claimed, expanded } from './provisioning.ts';
import { missing, Refusal } from './refusal.ts';
import { exposed } from './services.ts';
import type { ClusterView } from './view.ts';
import { checkClaim, checkStorageClass, checkVolume } from './volumes.ts';
import { checkWorkload } from './workload.ts';

/** Refuses what cannot be, and fills in what the cluster decides. */
export function admit(view: ClusterView, object: KubernetesObject, before?: KubernetesObject): KubernetesObject {
  const { kind, metadata } = object;
  if (metadata.namespace !== undefined && !view.has('Namespace', metadata.namespace))
    throw missing('namespaces', metadata.namespace);
  switch (kind) {
    case 'SecretProviderClass':
      if (view.hasAddon('azureKeyvaultSecretsProvider')) return object;
      throw new Refusal(`no matches for kind "${kind}" in version "${object.apiVersion}"`);
    case 'StorageClass':
      checkStorageClass(object);
      return object;
    case 'PersistentVolume':
      checkVolume(view, object);
      return { ...object, status: { phase: 'Available' } };
    case 'PersistentVolumeClaim':
      if (before) return grown(view, object, before);
      checkClaim(view, object);
      return claimed(view, object);
    case 'Service':
      return exposed(view, object);
    default:
      checkWorkload(view, object);
      return object;
  }
}

/** A claim that is bound stays so, to the volume that was made for it too. */
function grown(view: ClusterView, object: KubernetesObject, before: KubernetesObject): KubernetesObject {
  const volumeName = at(object, ['spec', 'volumeName']) ?? at(before, ['spec', 'volumeName']);
  const claim = {
    ...object,
    spec: { ...(object.spec as object), ...(volumeName !== undefined && { volumeName }) },
    status: before.status,
  };
  expanded(view, claim);
  return claim;
}
