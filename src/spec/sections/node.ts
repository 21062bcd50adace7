import { choice, optional, orEmpty, secretReference, section, text, whole, withDefault } from '../field.ts';

export const node = section(
  {
    description:
      'The IPFS/OrbitDB node itself: one container on port 4001 (swarm), 5001 (admin RPC) and 8080 (gateway).',
  },
  {
    image: text(
      {
        description:
          'The container image with a tag or digest; one that moves, such as latest, changes the node at any restart.',
        expects: 'an image reference in lower case with a tag or digest, such as docker.io/ipfs/kubo:v0.42.0',
        example: 'ghcr.io/example/my-mimisbrunnr/perpetual-node:1.4.2',
        travels: true,
      },
      /^(?=.{1,510}$)([a-zA-Z0-9.-]+(:\d+)?\/)?[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*(:[\w][\w.-]{0,127})?(@sha256:[a-f0-9]{64})?$/,
    ),
    resources: orEmpty(
      section(
        { description: 'What the container asks of its node.' },
        {
          cpu: withDefault(
            text(
              {
                description: 'The CPU it is promised, in cores or thousandths of one.',
                unit: 'cores',
                versionLike: true,
                expects: 'a CPU quantity such as 500m or "1" (in quotes)',
                example: '500m',
              },
              /^([1-9]\d{0,5}m|\d{1,3}(\.\d{1,3})?)$/,
            ),
            '500m',
          ),
          memory: withDefault(
            text(
              {
                description: 'The memory it is promised, which is also its limit.',
                unit: 'bytes with a suffix',
                expects: 'a memory quantity such as 2Gi or 512Mi',
                example: '2Gi',
              },
              /^[1-9]\d{0,6}(Mi|Gi)$/,
            ),
            '2Gi',
          ),
        },
      ),
    ),
    ipfs: orEmpty(
      section(
        { description: 'Settings of the IPFS daemon.' },
        {
          storageMaxGiB: optional(
            whole(1, 32_000, {
              description:
                'The size at which garbage collection starts (Datastore.StorageMax); a soft limit, so the disk must be larger. Default: three quarters of the data disk.',
              unit: 'GiB',
              example: 4,
            }),
          ),
          profile: withDefault(
            choice(['server', 'lowpower', 'default'], {
              description: 'The configuration profile: server does not look for peers in private networks.',
              example: 'server',
            }),
            'server',
          ),
          swarmKey: optional(
            secretReference({
              description: 'The key of a private network: only nodes with the same key can connect.',
              example: 'env:IPFS_SWARM_KEY',
            }),
          ),
        },
      ),
    ),
  },
);
