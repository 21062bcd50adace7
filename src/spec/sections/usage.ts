import { amount, section, whole, withDefault } from '../field.ts';

export const usage = section(
  { description: 'What the bill assumes where the price depends on use.' },
  {
    egressGb: withDefault(
      amount(0, 1_000_000, {
        description: 'Traffic to the internet; the first 100 GB of a subscription are free.',
        unit: 'GB/month',
        example: 50,
      }),
      50,
    ),
    loadBalancerGb: withDefault(
      amount(0, 1_000_000, {
        description: 'Traffic through the load balancer, both ways.',
        unit: 'GB/month',
        example: 100,
      }),
      100,
    ),
    logsGbPerDay: withDefault(
      amount(0, 10_000, {
        description: 'Logs sent to Log Analytics.',
        unit: 'GB/day',
        example: 0.05,
      }),
      0.05,
    ),
    blobGb: withDefault(
      amount(0, 1_000_000, {
        description: 'Logs and backups kept in the storage account.',
        unit: 'GB',
        example: 5,
      }),
      5,
    ),
    backupChurnPercent: withDefault(
      amount(0, 100, {
        description: 'How much of the disk changes between two backups.',
        unit: 'percent',
        example: 5,
      }),
      5,
    ),
    podStarts: withDefault(
      whole(0, 1_000_000, {
        description: 'How often the node is started; each start reads every secret once.',
        unit: 'starts/month',
        example: 20,
      }),
      20,
    ),
    freeLogGb: withDefault(
      amount(0, 1_000_000, {
        description: 'The free allowance of log ingestion left for this environment.',
        unit: 'GB/month',
        example: 5,
      }),
      5,
    ),
  },
);
