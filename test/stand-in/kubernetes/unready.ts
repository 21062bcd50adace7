import type { KubernetesObject } from '../cloud.ts';
import type { UnreadyPod } from '../faults.ts';
import { idOf } from './objects.ts';
import { podOf } from './pods.ts';

/**
 * What pulumi-kubernetes reports of a StatefulSet after ten minutes in vain: `provider/pkg/await/statefulset.go` and
 * `provider/pkg/await/checker/pod/check.go`. A container's last lines are there only if it asked for that.
 */
export function neverLive(
  on: 'create' | 'update',
  workload: KubernetesObject,
  { container, reason, message, ended }: UnreadyPod,
): readonly [string, ...string[]] {
  const { name, namespace } = workload.metadata;
  const timedOut = `'${name}' timed out waiting to be Ready`;
  const main =
    on === 'create'
      ? `resource "${idOf(workload)}" was successfully created, but the Kubernetes API server reported that it failed to fully initialize or become live: ${timedOut}`
      : `the Kubernetes API server reported that "${idOf(workload)}" failed to fully initialize or become live: ${timedOut}`;
  const template = podOf(workload.kind, workload)?.spec.containers.find((each) => each.name === container);
  const lastLines = template?.terminationMessagePolicy === 'FallbackToLogsOnError' ? ended?.lastLines : undefined;
  const status = [
    `[${reason}] ${message}`,
    ...(ended
      ? [
          `container "${container}" terminated at 2026-11-22T02:00:00Z (${ended.reason}: exit code ${ended.exitCode})`,
          ...(lastLines ? [lastLines] : []),
        ]
      : []),
  ];
  return [
    main,
    '0 out of 1 replicas succeeded readiness checks',
    `[Pod ${namespace}/${name}-0]: containers with unready status: [${container}]${status.join('\n')}`,
  ];
}
