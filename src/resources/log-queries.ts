import type { Spec } from '../spec/schema.ts';
import type { Names } from './names.ts';
import { watchContainer } from './watch.ts';

/** An alert made from logs: fires when the query's measure, or else its number of rows, is above the threshold. */
export type LogQuery = {
  key: string;
  title: () => string;
  origin: string;
  when: () => boolean;
  severity: number;
  every: string;
  window: string;
  query: () => string;
  measure?: string;
  above: number | (() => number);
};

// A table exists when its first line has arrived, and the alerts are made before.
const table = (name: string, columns: string): string => `union isfuzzy=true (datatable(${columns})[]), ${name}`;
export const containerLog = table(
  'ContainerLogV2',
  'TimeGenerated: datetime, PodNamespace: string, ContainerName: string, LogMessage: dynamic',
);
const podInventory = table(
  'KubePodInventory',
  'TimeGenerated: datetime, Namespace: string, ContainerName: string, ContainerRestartCount: int',
);

/** What the watcher beside the node says, one line every five minutes. */
export const watched = (namespace: string): string =>
  `${containerLog}
| where PodNamespace == "${namespace}" and ContainerName == "${watchContainer}"
| extend state = parse_json(tostring(LogMessage))
| where isnotnull(state.peers)`;

/** What every node needs to be told of. Written in Kusto, https://learn.microsoft.com/azure/azure-monitor/reference/tables/containerlogv2. */
export function logQueries(spec: Spec, { kubernetes }: Names): LogQuery[] {
  const origin = 'monitoring.logs';
  const always = () => true;
  return [
    {
      key: 'node-restarts',
      title: () => 'the node was restarted',
      origin,
      when: always,
      severity: 2,
      every: 'PT15M',
      window: 'PT30M',
      query: () => `${podInventory}
| where Namespace == "${kubernetes()}"
| summarize restarts = max(ContainerRestartCount) - min(ContainerRestartCount) by ContainerName
| where restarts > 0`,
      measure: 'restarts',
      above: 0,
    },
    {
      key: 'node-silent',
      title: () => 'nothing is heard of the node',
      origin,
      // A cluster that is stopped every evening would raise it every evening.
      when: () => spec.cluster.offHours === undefined,
      severity: 1,
      every: 'PT15M',
      window: 'PT30M',
      // A query always gives a row here, so that silence counts.
      query: () => `${watched(kubernetes())}
| summarize lines = count()
| where lines == 0`,
      above: 0,
    },
    {
      key: 'peers-lost',
      title: () => 'the node has no peers',
      origin,
      when: always,
      severity: 1,
      every: 'PT15M',
      window: 'PT30M',
      query: () => `${watched(kubernetes())}
| summarize most = max(toint(state.peers))
| where most == 0`,
      above: 0,
    },
    {
      key: 'replication-failed',
      title: () => 'OrbitDB reports failed replication',
      origin,
      when: always,
      severity: 2,
      every: 'PT15M',
      window: 'PT15M',
      query: () => `${containerLog}
| where PodNamespace == "${kubernetes()}" and ContainerName == "node"
| where tostring(LogMessage) matches regex "(?i)(replicat|\\\\bsync).*(fail|error|timed? ?out)|(fail|error|timed? ?out).*(replicat|\\\\bsync)"`,
      above: 0,
    },
    {
      key: 'disk-filling',
      title: () => `the data disk is more than ${spec.storage.growth?.alertAtPercent} percent full`,
      origin: 'storage.growth',
      when: () => spec.storage.growth !== undefined,
      severity: 1,
      every: 'PT15M',
      window: 'PT30M',
      query: () => `${watched(kubernetes())}
| summarize used = max(toint(state.diskUsedPercent))`,
      measure: 'used',
      above: () => spec.storage.growth?.alertAtPercent as number,
    },
  ];
}
