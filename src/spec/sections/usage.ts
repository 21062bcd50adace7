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
    blobWrites: withDefault(
      whole(0, 1_000_000_000, {
        description: 'How often something is written to the storage account, or listed there.',
        unit: 'operations/month',
        example: 10_000,
      }),
      10_000,
    ),
    blobReads: withDefault(
      whole(0, 1_000_000_000, {
        description: 'How often something is read from the storage account.',
        unit: 'operations/month',
        example: 1000,
      }),
      1000,
    ),
    auditLogGb: withDefault(
      amount(0, 1_000_000, {
        description: 'Audit logs that Azure writes to the storage account.',
        unit: 'GB/month',
        example: 5,
      }),
      5,
    ),
    diskOperations: withDefault(
      whole(0, 1_000_000_000_000, {
        description: 'How often each standard disk is read or written; premium disks have no such charge.',
        unit: 'operations/month',
        example: 1_000_000,
      }),
      1_000_000,
    ),
    registryGb: withDefault(
      amount(0, 1_000_000, {
        description: 'Images kept in the container registry; 10 GB (Basic) to 500 GB (Premium) are included.',
        unit: 'GB',
        example: 2,
      }),
      2,
    ),
    dnsQueries: withDefault(
      whole(0, 1_000_000_000_000, {
        description: 'Questions the DNS zone answers.',
        unit: 'queries/month',
        example: 1_000_000,
      }),
      1_000_000,
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
