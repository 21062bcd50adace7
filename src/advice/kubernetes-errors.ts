import type { Advice } from './advice.ts';

/** Kubernetes has words for it, not codes. */
export const kubernetesErrors: readonly (Advice & { words: RegExp })[] = [
  {
    words: /ImagePullBackOff|ErrImagePull|InvalidImageName|Back-off pulling image/,
    meaning: "the image can't be pulled",
    advice: 'check node.image and its tag, and that the token of the registry may read it',
    input: 'spec.template.spec.containers[0].image',
  },
  {
    words: /OOMKilled/,
    meaning: 'the node needs more memory than it was promised',
    advice: 'raise node.resources.memory',
    input: 'spec.template.spec.containers[0].resources.limits.memory',
  },
  {
    words: /CrashLoopBackOff|Back-off restarting failed container/,
    meaning: 'the node starts and dies again',
    advice:
      'the last lines of its log tell why, and "kubectl logs --previous" has all; after a new image often a migration or a missing secret',
    input: 'spec.template.spec.containers[0].image',
  },
  {
    words: /volume node affinity conflict/,
    meaning: 'no node stands in the zone of the disk',
    advice: 'the pool must stand where the disk is, which keeps its zone as long as it lives',
    input: 'spec.template.spec.volumes[0].persistentVolumeClaim.claimName',
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
    words: /FailedMount/,
    meaning: "a volume can't be mounted where the pod is",
    advice: 'the event names the volume and what is wrong with it; a driver that is not there yet comes by itself',
    again: true,
  },
  {
    words: /(Startup|Liveness|Readiness) probe failed/,
    meaning: 'the node runs and does not answer when it is asked whether it is ready',
    advice: 'the last lines of its log tell what keeps it; a large repository takes its time to open',
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
    advice: 'its events tell what it waits for, and "kubectl describe pod" more of it',
    again: true,
  },
];
