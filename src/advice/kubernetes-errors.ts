import type { Advice } from './advice.ts';

/** Kubernetes has words for it, not codes. */
export const kubernetesErrors: readonly (Advice & { words: RegExp })[] = [
  {
    words: /ImagePullBackOff|ErrImagePull|InvalidImageName/,
    meaning: "the image can't be pulled",
    advice: 'check node.image and its tag, and that the token of the registry may read it',
    input: 'spec.template.spec.containers[0].image',
  },
  {
    words: /CrashLoopBackOff/,
    meaning: 'the node starts and dies again',
    advice:
      'the last lines of its log tell why, and "kubectl logs --previous" has all; after a new image often a migration or a missing secret',
    input: 'spec.template.spec.containers[0].image',
  },
  {
    words: /OOMKilled/,
    meaning: 'the node needs more memory than it was promised',
    advice: 'raise node.resources.memory',
    input: 'spec.template.spec.containers[0].resources.limits.memory',
  },
  {
    words: /Insufficient (cpu|memory)|Unschedulable|FailedScheduling/,
    meaning: 'no node has room for the pod',
    advice: 'ask for less, or take a larger size',
    input: 'spec.template.spec.containers[0].resources.requests.memory',
  },
  {
    words: /FailedAttachVolume|Multi-Attach|AttachVolume/,
    meaning: "the disk can't be attached where the pod is",
    advice: 'the pool must stand in the zone of the disk; after a move the old node needs some minutes to let go',
    input: 'spec.template.spec.volumes[0].persistentVolumeClaim.claimName',
    again: true,
  },
  {
    words: /FailedMount.*secrets-store|SecretProviderClass/,
    meaning: 'the secrets could not be read from the vault',
    advice: 'its grants take some minutes to arrive; then check the firewall of the vault',
    again: true,
  },
  {
    words: /configured Kubernetes cluster is unreachable|connection refused|no such host/,
    meaning: "the API server of the cluster can't be reached from here",
    advice: 'the cluster may be stopped, or cluster.api.authorizedIpRanges leave this machine out',
  },
  {
    words: /executable kubelogin (not found|failed)/,
    meaning: 'the cluster asks Entra who you are, and kubelogin is not here or not logged in',
    advice: 'install kubelogin and log in with "az login", or set AAD_LOGIN_METHOD',
  },
  {
    words: /is forbidden: User|Unauthorized/,
    meaning: 'whoever deploys may not do this in the cluster',
    advice: 'with adminGroups the deployer must be in one of them',
  },
  {
    words: /timed out waiting|Resource operation was cancelled/,
    meaning: 'it was not ready in time',
    advice: '"kubectl describe" and the events of the namespace tell what it waits for',
    again: true,
  },
];
