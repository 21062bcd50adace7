import { choice, list, optional, section, table, text, whole, withDefault } from '../field.ts';

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

/** The keys every pool has. */
export const pool = {
  vmSize: withDefault(vmSize, 'Standard_D2as_v5'),
  count: withDefault(
    whole(1, 1000, {
      description: 'How many nodes the pool has; with autoscale, how many it starts with.',
      unit: 'nodes',
      example: 1,
    }),
    1,
  ),
  osDiskGiB: withDefault(
    whole(30, 2048, {
      description:
        "The size of each node's OS disk, a managed disk billed per node. Left to itself Azure takes 128 GiB. Fixed once deployed.",
      unit: 'GiB',
      example: 32,
    }),
    32,
  ),
  maxPods: withDefault(
    whole(10, 250, {
      description:
        'The most pods a node may run. Azure reserves memory for each of them: a small number leaves more to yours. Fixed once deployed.',
      unit: 'pods',
      example: 40,
    }),
    40,
  ),
  zone: optional(
    whole(1, 3, {
      description:
        'The availability zone of the nodes and of the data disk, which can be attached in its own zone only. Default: none. Fixed once deployed.',
      example: 1,
    }),
  ),
  autoscale: optional(autoscale),
};

/** A pool beside the system pool. */
export const furtherPool = section(
  { description: 'A further node pool.' },
  {
    name: text(
      {
        description: 'The name of the pool; fixed once deployed.',
        expects: 'lower-case letters and digits, starting with a letter, at most 12 characters',
        example: 'work',
      },
      /^[a-z][a-z0-9]{0,11}$/,
    ),
    mode: withDefault(
      choice(['System', 'User'], {
        description: "System pools also run the cluster's own pods.",
        example: 'User',
      }),
      'User',
    ),
    ...pool,
    count: withDefault(
      whole(0, 1000, {
        description: 'How many nodes the pool has; with autoscale, how many it starts with.',
        unit: 'nodes',
        example: 1,
      }),
      1,
    ),
    labels: withDefault(
      table(
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
      ),
      {},
    ),
    taints: withDefault(
      list(
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
      ),
      [],
    ),
  },
);
