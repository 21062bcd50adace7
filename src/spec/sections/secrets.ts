import {
  choice,
  cidr,
  date,
  guid,
  list,
  optional,
  orEmpty,
  secretReference,
  section,
  text,
  whole,
  withDefault,
} from '../field.ts';

const roles = [
  'Key Vault Administrator',
  'Key Vault Certificate User',
  'Key Vault Certificates Officer',
  'Key Vault Contributor',
  'Key Vault Crypto Officer',
  'Key Vault Crypto Service Encryption User',
  'Key Vault Crypto User',
  'Key Vault Purge Operator',
  'Key Vault Reader',
  'Key Vault Secrets Officer',
  'Key Vault Secrets User',
  'Reader',
  'Contributor',
  'Owner',
] as const;

export const secrets = section(
  {
    description:
      "The node's secrets: where they are kept and how they reach it. They are mounted as files under /mnt/secrets.",
  },
  {
    store: withDefault(
      choice(['keyVault', 'kubernetes'], {
        description: 'Where the secrets are kept: in a Key Vault or, in development, in a Kubernetes Secret.',
        example: 'keyVault',
      }),
      'keyVault',
    ),
    deliver: withDefault(
      choice(['csi', 'initContainer'], {
        description:
          'How the node gets what the vault holds: mounted by the secrets store driver, or read once by an init container.',
        example: 'csi',
      }),
      'csi',
    ),
    vault: orEmpty(
      section(
        { description: 'The Key Vault. It is made when there are items or grants.' },
        {
          sku: withDefault(
            choice(['standard', 'premium'], {
              description: 'The tier: premium adds keys in hardware; secrets are the same in both.',
              example: 'standard',
            }),
            'standard',
          ),
          softDeleteDays: withDefault(
            whole(7, 90, {
              description: 'How long a deleted vault or secret can be recovered. Fixed once deployed.',
              unit: 'days',
              example: 90,
            }),
            90,
          ),
          network: orEmpty(
            section(
              { description: "Who may reach the vault; the nodes' subnet is always let in." },
              {
                default: withDefault(
                  choice(['deny', 'allow'], {
                    description: 'What happens to everybody else.',
                    example: 'deny',
                  }),
                  'deny',
                ),
                allow: withDefault(
                  list(
                    { description: 'Public IPv4 ranges that are let in. Up to 1000.', example: [] },
                    cidr({ description: 'A public IPv4 range.', example: '203.0.113.0/24' }),
                    1000,
                  ),
                  [],
                ),
              },
            ),
          ),
          access: withDefault(
            list(
              { description: 'Who else may use the vault.', example: [] },
              section(
                { description: 'A grant to someone other than the node: a role or permissions.' },
                {
                  principal: guid({
                    description: 'The object id (not the client id) of a user, group or identity.',
                    example: '11111111-2222-3333-4444-555555555555',
                  }),
                  principalType: withDefault(
                    choice(['User', 'Group', 'ServicePrincipal'], {
                      description:
                        'What the principal is; an identity is a ServicePrincipal. Azure refuses a grant to another kind.',
                      example: 'User',
                    }),
                    'User',
                  ),
                  role: optional(
                    choice(roles, {
                      description: 'An Azure role on the vault.',
                      example: 'Key Vault Secrets User',
                    }),
                  ),
                  permissions: optional(
                    list(
                      { description: 'Permissions on secrets.', example: ['get', 'list'] },
                      choice(['all', 'get', 'list', 'set', 'delete', 'backup', 'restore', 'recover', 'purge'], {
                        description: 'A permission.',
                        example: 'get',
                      }),
                      9,
                      1,
                    ),
                  ),
                },
              ),
              100,
            ),
            [],
          ),
        },
      ),
    ),
    items: withDefault(
      list(
        {
          description: 'The secrets themselves. Up to 50.',
          example: [{ name: 'ipfs-private-key', from: 'env:IPFS_PRIVATE_KEY' }],
        },
        section(
          { description: 'A secret.' },
          {
            name: text(
              {
                description: "The secret's name, also the name of its file.",
                expects: 'letters, digits and hyphens, at most 127 characters',
                example: 'ipfs-private-key',
              },
              /^[A-Za-z0-9-]{1,127}$/,
            ),
            from: secretReference({
              description: 'Where its value is when deploying: an environment variable or a file.',
              example: 'env:IPFS_PRIVATE_KEY',
            }),
            expires: optional(
              date({
                description: 'When it should have been replaced; Azure marks it expired and still hands it out.',
                example: '2027-11-30',
              }),
            ),
          },
        ),
        50,
      ),
      [],
    ),
  },
);
