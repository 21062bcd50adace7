import { containersOf, type PodSpec } from './pods.ts';

const baselineCapabilities = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);
const restrictedVolumes = new Set([
  'name',
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);
const profiles = new Set(['RuntimeDefault', 'Localhost']);

/** What a pod does that its namespace forbids: https://kubernetes.io/docs/concepts/security/pod-security-standards */
export function violations(level: string | undefined, spec: PodSpec): string[] {
  if (level !== 'baseline' && level !== 'restricted') return [];
  return [...baseline(spec), ...(level === 'restricted' ? restricted(spec) : [])];
}

function* baseline(spec: PodSpec): Generator<string> {
  if (spec.hostNetwork || spec.hostPID || spec.hostIPC) yield 'host namespaces';
  for (const volume of spec.volumes ?? []) if (volume.hostPath) yield `hostPath volumes (volume "${volume.name}")`;
  for (const { name, securityContext, ports = [] } of containersOf(spec)) {
    if (securityContext?.privileged)
      yield `privileged (container "${name}" must not set securityContext.privileged=true)`;
    if (ports.some(({ hostPort }) => hostPort)) yield `hostPort (container "${name}" uses a host port)`;
    const added = (securityContext?.capabilities?.add ?? []).filter(
      (capability) => !baselineCapabilities.has(capability),
    );
    if (added.length > 0) yield `non-default capabilities (container "${name}" must not include ${added.join(', ')})`;
  }
  const profile = spec.securityContext?.seccompProfile?.type;
  if (profile === 'Unconfined')
    yield 'seccompProfile (pod must not set securityContext.seccompProfile.type to "Unconfined")';
}

function* restricted(spec: PodSpec): Generator<string> {
  const pod = spec.securityContext;
  for (const volume of spec.volumes ?? []) {
    const kind = Object.keys(volume).find((key) => !restrictedVolumes.has(key));
    if (kind) yield `restricted volume types (volume "${volume.name}" uses restricted volume type "${kind}")`;
  }
  for (const { name, securityContext: own } of containersOf(spec)) {
    if (own?.allowPrivilegeEscalation !== false)
      yield `allowPrivilegeEscalation != false (container "${name}" must set securityContext.allowPrivilegeEscalation=false)`;
    if (!own?.capabilities?.drop?.includes('ALL'))
      yield `unrestricted capabilities (container "${name}" must set securityContext.capabilities.drop=["ALL"])`;
    if ((own?.capabilities?.add ?? []).some((capability) => capability !== 'NET_BIND_SERVICE'))
      yield `unrestricted capabilities (container "${name}" must not add ${own?.capabilities?.add})`;
    if ((own?.runAsNonRoot ?? pod?.runAsNonRoot) !== true)
      yield `runAsNonRoot != true (pod or container "${name}" must set securityContext.runAsNonRoot=true)`;
    if ((own?.runAsUser ?? pod?.runAsUser) === 0)
      yield `runAsUser=0 (pod or container "${name}" must not set runAsUser=0)`;
    if (!profiles.has((own?.seccompProfile ?? pod?.seccompProfile)?.type ?? ''))
      yield `seccompProfile (pod or container "${name}" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")`;
  }
}
