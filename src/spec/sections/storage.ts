import * as z from 'zod/mini';
import { choice, flag, optional, orEmpty, saying, section, text, whole, wholeNumber, withDefault } from '../field.ts';

const intervals = [1, 2, 4, 6, 8, 12, 24];

export const storage = section(
  { description: "The node's data and what keeps it." },
  {
    data: orEmpty(
      section(
        { description: 'The managed disk that holds the IPFS repository.' },
        {
          sizeGiB: withDefault(
            whole(1, 32_767, {
              description:
                'The size of the disk; it can grow in place and never shrink. Billed at the next step: 4, 8, 16, 32, 64, 128 ... GiB.',
              unit: 'GiB',
              example: 8,
            }),
            8,
          ),
          sku: withDefault(
            choice(
              ['Standard_LRS', 'StandardSSD_LRS', 'StandardSSD_ZRS', 'Premium_LRS', 'Premium_ZRS', 'PremiumV2_LRS'],
              {
                description: 'The kind of disk: LRS lives in one place, ZRS in three zones.',
                example: 'Premium_LRS',
              },
            ),
            'Premium_LRS',
          ),
          restoreFrom: optional(
            text(
              {
                description:
                  'The id of a snapshot, disk or restore point in the same region that a new disk is filled from; the old disk stays. Leave it written: it tells which disk is meant.',
                expects: 'the id of an Azure resource, starting with /subscriptions/',
                example:
                  '/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/backup/providers/Microsoft.Compute/snapshots/data',
              },
              /^\/subscriptions\/[0-9a-fA-F-]{36}\/\S+$/,
            ),
          ),
        },
      ),
    ),
    growth: optional(
      section(
        { description: 'Warning before the disk is full.' },
        {
          alertAtPercent: withDefault(
            whole(1, 99, {
              description: 'How full the disk may be before an alert.',
              unit: 'percent',
              example: 80,
            }),
            80,
          ),
        },
      ),
    ),
    backups: optional(
      section(
        { description: 'Scheduled backups of the disk.' },
        {
          enabled: withDefault(flag({ description: 'Make backups.', example: true }), true),
          everyHours: withDefault(
            saying(
              wholeNumber(
                z.refine((hours: number) => intervals.includes(hours), {
                  error: ({ input }) => `${input} is not an interval of Azure Backup: ${intervals.join(', ')}`,
                }),
              ),
              {
                description: 'The hours between two backups: Azure Backup offers 1, 2, 4, 6, 8, 12 and 24.',
                unit: 'hours',
                among: intervals,
                example: 24,
              },
            ),
            24,
          ),
          keepDays: withDefault(
            whole(1, 360, { description: 'How long a backup is kept.', unit: 'days', example: 14 }),
            14,
          ),
        },
      ),
    ),
    logs: optional(
      section(
        { description: 'The storage account for logs and backups.' },
        {
          redundancy: withDefault(
            choice(
              ['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_RAGRS', 'Standard_GZRS', 'Standard_RAGZRS'],
              {
                description: 'How many copies Azure keeps, and where.',
                example: 'Standard_LRS',
              },
            ),
            'Standard_LRS',
          ),
          keepDays: withDefault(
            whole(1, 3650, {
              description: 'After how many days logs are deleted.',
              unit: 'days',
              example: 30,
            }),
            30,
          ),
        },
      ),
    ),
  },
);
