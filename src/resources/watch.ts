import type { Spec } from '../spec/schema.ts';
import { confined, sized } from './pods.ts';

/** Named in the queries of the alerts. */
export const watchContainer = 'watch';
export const watchFootprint = { cpu: '10m', memory: '128Mi' };

// Stops at once when told to: a shell that sleeps would keep the pod for as long as it may.
const script = `trap 'exit 0' TERM
while true; do
  peers=$(ipfs --api=/ip4/127.0.0.1/tcp/5001 swarm peers 2>/dev/null | wc -l)
  used=$(df -P /data/ipfs | awk 'NR == 2 { sub("%", "", $5); print $5 }')
  echo "{\\"peers\\": $peers, \\"diskUsedPercent\\": $used}"
  sleep 300 &
  wait $!
done
`;

/**
 * Says every five minutes, in the logs, how many peers the node has and how full its disk is, which no metric of Azure
 * knows. It runs the node's own image, because that has the command for the question.
 */
export const watch = ({ node }: Spec) => ({
  name: watchContainer,
  image: () => node.image,
  imagePullPolicy: 'IfNotPresent',
  command: ['/bin/sh', '-c', script],
  env: [{ name: 'GOMEMLIMIT', value: '96MiB' }],
  resources: sized(watchFootprint),
  securityContext: confined,
  volumeMounts: [{ name: 'data', mountPath: '/data/ipfs', readOnly: true }],
});
