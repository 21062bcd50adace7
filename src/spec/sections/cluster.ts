import {
  choice,
  cidr,
  clock,
  guid,
  list,
  optional,
  orEmpty,
  section,
  text,
  version,
  whole,
  withDefault,
} from '../field.ts';
import { furtherPool, pool } from './node-pool.ts';

const day = choice(['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'], {
  description: 'The day of the week, UTC.',
  example: 'Sunday',
});

export const cluster = section(
  { description: 'The AKS cluster the node runs on.' },
  {
    kubernetesVersion: version(
      {
        description:
          'The Kubernetes version as "major.minor", in quotes; Azure chooses the newest patch. Raise it by one minor version at a time. With the channel stable or rapid it is only what the cluster starts with.',
        expects: 'a Kubernetes version in quotes, such as "1.35"',
        example: '1.35',
        travels: true,
      },
      /^\d+\.\d+(\.\d+)?$/,
    ),
    tier: withDefault(
      choice(['Free', 'Standard', 'Premium'], {
        description:
          "The control plane's tier: Free has no SLA; Standard has one and a fee by the hour; Premium adds long-term support and costs more.",
        example: 'Free',
      }),
      'Free',
    ),
    nodePool: orEmpty(
      section({ description: "The system pool, which runs the node and the cluster's own pods." }, pool),
    ),
    api: orEmpty(
      section(
        { description: 'Who may reach and administer the Kubernetes API server.' },
        {
          authorizedIpRanges: withDefault(
            list(
              {
                description:
                  'The only ranges that may reach the API server; empty: anyone may try. Runners of public CI services have no fixed address. Up to 200.',
                example: ['203.0.113.0/24'],
              },
              cidr({ description: 'An IPv4 range.', example: '203.0.113.0/24' }),
              200,
            ),
            [],
          ),
          adminGroups: withDefault(
            list(
              {
                description:
                  'Object ids of the Entra groups whose members administer the cluster; with any, local accounts are off. Up to 20.',
                example: [],
              },
              guid({
                description: 'The object id of an Entra group.',
                example: '11111111-2222-3333-4444-555555555555',
              }),
              20,
            ),
            [],
          ),
        },
      ),
    ),
    upgrades: orEmpty(
      section(
        { description: 'Which upgrades Azure makes by itself, and when.' },
        {
          channel: withDefault(
            choice(['none', 'patch', 'stable', 'rapid', 'node-image'], {
              description: 'Which Kubernetes versions Azure moves to by itself: patch stays on the minor version.',
              example: 'patch',
            }),
            'patch',
          ),
          nodeOs: withDefault(
            choice(['None', 'Unmanaged', 'SecurityPatch', 'NodeImage'], {
              description:
                'How the operating system of the nodes is kept current: NodeImage replaces the image weekly.',
              example: 'NodeImage',
            }),
            'NodeImage',
          ),
          window: optional(
            section(
              {
                description: 'The weekly window in which Azure may upgrade; without it Azure chooses.',
                example: { day: 'Sunday', start: '02:00', hours: 4 },
              },
              {
                day,
                start: clock({ description: 'The start of the window, UTC, in quotes.', example: '02:00' }),
                hours: withDefault(
                  whole(4, 24, { description: 'The length of the window.', unit: 'hours', example: 4 }),
                  4,
                ),
              },
            ),
          ),
        },
      ),
    ),
    pools: withDefault(
      list(
        { description: 'Further node pools. Up to 99, because a cluster has 100 at most.', example: [] },
        furtherPool,
        99,
      ),
      [],
    ),
    imageCleanerHours: optional(
      whole(24, 2160, {
        description: 'How often images that nothing uses are removed from the nodes; without it never.',
        unit: 'hours',
        example: 168,
      }),
    ),
    offHours: optional(
      section(
        {
          description: 'Stops the cluster outside working hours, in development only.',
          example: {
            stop: '19:00',
            start: '07:00',
            days: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri'],
            timezone: 'Europe/Berlin',
          },
        },
        {
          stop: clock({ description: 'When the cluster stops, local time, in quotes.', example: '19:00' }),
          start: clock({ description: 'When it starts again, local time, in quotes.', example: '07:00' }),
          days: withDefault(
            list(
              {
                description: 'The days on which it runs between start and stop; on others it stays stopped.',
                example: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri'],
              },
              choice(['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'], {
                description: 'A day of the week.',
                example: 'Mon',
              }),
              7,
              1,
            ),
            ['Mon', 'Tue', 'Wed', 'Thu', 'Fri'],
          ),
          timezone: withDefault(
            text(
              {
                description: 'The IANA time zone of the times above.',
                expects: 'an IANA time zone such as Europe/Berlin',
                example: 'Europe/Berlin',
              },
              /^(UTC|[A-Z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)+)$/,
            ),
            'UTC',
          ),
        },
      ),
    ),
  },
);
