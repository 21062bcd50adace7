import { choice, cidr, clock, guid, list, section, table, text, version, whole } from '../field.ts';

const vmSize = text(
  {
    description:
      'The size of each node: at least 2 vCPU and 4 GiB of memory for the system pool, and not of a burstable series.',
    expects: 'the name of a VM size such as Standard_D2as_v5',
    example: 'Standard_D2as_v5',
  },
  /^(Standard|Basic)_[A-Za-z0-9]+([-_][A-Za-z0-9]+)*$/,
);

const autoscale = section(
  {
    description: 'Lets the cluster autoscaler choose the number of nodes; without it the pool has "count" nodes.',
    example: { min: 1, max: 3 },
  },
  {
    min: whole(0, 1000, { description: 'The fewest nodes; at least 1 in a system pool.', unit: 'nodes', example: 1 }),
    max: whole(1, 1000, {
      description: 'The most nodes, which is also what the bill and the subnet must bear.',
      unit: 'nodes',
      example: 3,
    }),
  },
);

const pool = {
  vmSize: vmSize.default('Standard_D2as_v5'),
  count: whole(1, 1000, { description: 'How many nodes the pool has.', unit: 'nodes', example: 1 }).default(1),
  osDiskGiB: whole(30, 2048, {
    description:
      "The size of each node's OS disk, a managed disk billed per node. Left to itself Azure takes 128 GiB. Fixed once deployed.",
    unit: 'GiB',
    example: 32,
  }).default(32),
  maxPods: whole(10, 250, {
    description:
      'The most pods a node may run. Azure reserves memory for each of them: a small number leaves more to yours. Fixed once deployed.',
    unit: 'pods',
    example: 40,
  }).default(40),
  zone: whole(1, 3, {
    description:
      'The availability zone of the nodes and of the data disk, which can be attached in its own zone only. Default: none. Fixed once deployed.',
    example: 1,
  }).optional(),
  autoscale: autoscale.optional(),
};

const day = choice(['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'], {
  description: 'The day of the week, UTC.',
  example: 'Sunday',
});

export const cluster = section(
  { description: 'The AKS cluster the node runs on.' },
  {
    kubernetesVersion: version(
      {
        description: 'The Kubernetes version as "major.minor", in quotes; Azure chooses the newest patch.',
        expects: 'a Kubernetes version in quotes, such as "1.35"',
        example: '1.35',
      },
      /^\d+\.\d+(\.\d+)?$/,
    ),
    tier: choice(['Free', 'Standard', 'Premium'], {
      description:
        "The control plane's tier: Free has no SLA; Standard has one and a fee by the hour; Premium adds long-term support and costs more.",
      example: 'Free',
    }).default('Free'),
    nodePool: section(
      { description: "The system pool, which runs the node and the cluster's own pods." },
      pool,
    ).prefault({}),
    api: section(
      { description: 'Who may reach and administer the Kubernetes API server.' },
      {
        authorizedIpRanges: list(
          {
            description:
              'The only ranges that may reach the API server; empty: anyone may try. Runners of public CI services have no fixed address. Up to 200.',
            example: ['203.0.113.0/24'],
          },
          cidr({ description: 'An IPv4 range.', example: '203.0.113.0/24' }),
          200,
        ).default([]),
        adminGroups: list(
          {
            description:
              'Object ids of the Entra groups whose members administer the cluster; with any, local accounts are off. Up to 20.',
            example: [],
          },
          guid({ description: 'The object id of an Entra group.', example: '11111111-2222-3333-4444-555555555555' }),
          20,
        ).default([]),
      },
    ).prefault({}),
    upgrades: section(
      { description: 'Which upgrades Azure makes by itself, and when.' },
      {
        channel: choice(['none', 'patch', 'stable', 'rapid', 'node-image'], {
          description: 'Which Kubernetes versions Azure moves to by itself: patch stays on the minor version.',
          example: 'patch',
        }).default('patch'),
        nodeOs: choice(['None', 'Unmanaged', 'SecurityPatch', 'NodeImage'], {
          description: 'How the operating system of the nodes is kept current: NodeImage replaces the image weekly.',
          example: 'NodeImage',
        }).default('NodeImage'),
        window: section(
          {
            description: 'The weekly window in which Azure may upgrade; without it Azure chooses.',
            example: { day: 'Sunday', start: '02:00', hours: 4 },
          },
          {
            day,
            start: clock({ description: 'The start of the window, UTC, in quotes.', example: '02:00' }),
            hours: whole(4, 24, { description: 'The length of the window.', unit: 'hours', example: 4 }).default(4),
          },
        ).optional(),
      },
    ).prefault({}),
    pools: list(
      { description: 'Further node pools. Up to 99, because a cluster has 100 at most.', example: [] },
      section(
        { description: 'A further node pool.' },
        {
          ...pool,
          count: whole(0, 1000, { description: 'How many nodes the pool has.', unit: 'nodes', example: 1 }).default(1),
          name: text(
            {
              description: 'The name of the pool; fixed once deployed.',
              expects: 'lower-case letters and digits, starting with a letter, at most 12 characters',
              example: 'work',
            },
            /^[a-z][a-z0-9]{0,11}$/,
          ),
          mode: choice(['System', 'User'], {
            description: "System pools also run the cluster's own pods.",
            example: 'User',
          }).default('User'),
          labels: table(
            {
              description: "Kubernetes labels of the pool's nodes.",
              expects: 'Kubernetes label names',
              example: { role: 'archive' },
            },
            /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/,
            text(
              {
                description: "The label's value.",
                expects: 'a Kubernetes label value of at most 63 characters',
                example: 'archive',
              },
              /^([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?$/,
            ),
          ).default({}),
          taints: list(
            { description: "Taints of the pool's nodes.", example: ['role=archive:NoSchedule'] },
            text(
              {
                description: 'A taint as key=value:effect.',
                expects: 'a taint such as role=archive:NoSchedule',
                example: 'role=archive:NoSchedule',
              },
              /^[\w./-]+(=[\w.-]*)?:(NoSchedule|PreferNoSchedule|NoExecute)$/,
            ),
            50,
          ).default([]),
        },
      ),
      99,
    ).default([]),
    imageCleanerHours: whole(24, 2160, {
      description: 'How often images that nothing uses are removed from the nodes; without it never.',
      unit: 'hours',
      example: 168,
    }).optional(),
    offHours: section(
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
        days: list(
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
        ).default(['Mon', 'Tue', 'Wed', 'Thu', 'Fri']),
        timezone: text(
          {
            description: 'The IANA time zone of the times above.',
            expects: 'an IANA time zone such as Europe/Berlin',
            example: 'Europe/Berlin',
          },
          /^(UTC|[A-Z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)+)$/,
        ).default('UTC'),
      },
    ).optional(),
  },
);
