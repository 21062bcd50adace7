import { amount, choice, email, flag, list, optional, section, whole, withDefault } from '../field.ts';

/** The metrics of Microsoft.ContainerService/managedClusters: https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-containerservice-managedclusters-metrics (2026-07-31). */
const metrics = [
  'apiserver_cpu_usage_percentage',
  'apiserver_current_inflight_requests',
  'apiserver_memory_usage_percentage',
  'cluster_autoscaler_cluster_safe_to_autoscale',
  'cluster_autoscaler_scale_down_in_cooldown',
  'cluster_autoscaler_unneeded_nodes_count',
  'cluster_autoscaler_unschedulable_pods_count',
  'etcd_cpu_usage_percentage',
  'etcd_database_usage_percentage',
  'etcd_memory_usage_percentage',
  'kube_node_status_allocatable_cpu_cores',
  'kube_node_status_allocatable_memory_bytes',
  'kube_node_status_condition',
  'kube_pod_status_phase',
  'kube_pod_status_ready',
  'node_cpu_usage_millicores',
  'node_cpu_usage_percentage',
  'node_disk_usage_bytes',
  'node_disk_usage_percentage',
  'node_memory_rss_bytes',
  'node_memory_rss_percentage',
  'node_memory_working_set_bytes',
  'node_memory_working_set_percentage',
  'node_network_in_bytes',
  'node_network_out_bytes',
] as const;

export const monitoring = section(
  { description: 'Logs, alerts, and who is told.' },
  {
    logs: optional(
      section(
        { description: 'The Log Analytics workspace.' },
        {
          dailyCapGb: withDefault(
            amount(0.023, 1000, {
              description: 'Ingestion stops for the day at this amount.',
              unit: 'GB/day',
              example: 0.15,
            }),
            0.15,
          ),
          keepDays: withDefault(
            whole(30, 730, {
              description: 'How long logs are kept; 31 days are included in the price.',
              unit: 'days',
              example: 30,
            }),
            30,
          ),
        },
      ),
    ),
    alerts: withDefault(
      list(
        {
          description: 'Alerts on metrics of the cluster.',
          example: [{ metric: 'node_cpu_usage_percentage', above: 90 }],
        },
        section(
          { description: 'An alert.' },
          {
            metric: choice(metrics, { description: 'A metric of AKS.', example: 'node_cpu_usage_percentage' }),
            above: amount(0, 1e15, { description: "The threshold, in the metric's own unit.", example: 90 }),
            severity: withDefault(whole(0, 4, { description: '0 is critical, 4 verbose.', example: 3 }), 3),
            every: withDefault(
              choice(['PT1M', 'PT5M', 'PT15M', 'PT30M', 'PT1H'], {
                description: 'How often it is looked at (ISO 8601).',
                example: 'PT5M',
              }),
              'PT5M',
            ),
            window: withDefault(
              choice(['PT1M', 'PT5M', 'PT15M', 'PT30M', 'PT1H', 'PT6H', 'PT12H', 'P1D'], {
                description: 'Over which time the average is taken (ISO 8601); at least "every".',
                example: 'PT15M',
              }),
              'PT15M',
            ),
          },
        ),
        50,
      ),
      [],
    ),
    metricsEndpoint: withDefault(
      flag({
        description:
          "Offer the daemon's metrics to a Prometheus in the cluster, on port 9102 of the pod, path /metrics; the admin RPC stays closed.",
        example: true,
      }),
      false,
    ),
    notify: withDefault(
      list(
        { description: 'Who is told. Up to 50.', example: ['ops@example.org'] },
        email({ description: 'An e-mail address.', example: 'ops@example.org' }),
        50,
      ),
      [],
    ),
  },
);
