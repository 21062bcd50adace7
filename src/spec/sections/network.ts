import type * as z from 'zod/mini';
import {
  choice,
  cidr,
  flag,
  list,
  optional,
  orEmpty,
  rangePattern,
  section,
  text,
  whole,
  withDefault,
} from '../field.ts';

const reach = text(
  {
    description: 'Who may reach it: "internet", "cluster" (the pods of this cluster) or an IPv4 range.',
    expects: '"internet", "cluster" or an IPv4 range such as 203.0.113.0/24',
    example: 'internet',
  },
  new RegExp(`^(internet|cluster|${rangePattern})$`),
);

const from = (description: string, example: string[], fallback: string[]) =>
  withDefault(list({ description, example }, reach, 200), fallback);

const port =
  /^(\*|(6553[0-5]|655[0-2]\d|65[0-4]\d\d|6[0-4]\d{3}|[1-5]\d{4}|\d{1,4})(-(6553[0-5]|655[0-2]\d|65[0-4]\d\d|6[0-4]\d{3}|[1-5]\d{4}|\d{1,4}))?)$/;
const ports = (description: string) =>
  text(
    {
      versionLike: true,
      description,
      expects: 'a port, a range such as "8000-8100" (in quotes) or "*"',
      example: '443',
    },
    port,
  );
const prefix = (description: string) =>
  text(
    { description, expects: 'an IP range, a service tag such as VirtualNetwork, or "*"', example: '203.0.113.0/24' },
    /^(\*|[0-9a-fA-F:.]+(\/\d{1,3})?|[A-Za-z][A-Za-z0-9.]*)$/,
  );

const rule = section(
  { description: "A rule of the network security group, in Azure's own fields." },
  {
    name: text(
      {
        description: "The rule's name, unique in the group.",
        expects: 'letters, digits, "_", "." and "-", at most 80 characters',
        example: 'AllowOffice',
      },
      /^[A-Za-z0-9]([\w.-]{0,78}\w)?$/,
    ),
    description: optional(
      text(
        {
          description: 'What the rule is for, up to 140 characters.',
          expects: 'text of at most 140 characters',
          example: 'the office',
        },
        /^[\s\S]{0,140}$/,
      ),
    ),
    priority: whole(100, 4096, {
      description: 'Lower numbers are applied first; unique for each direction.',
      example: 1000,
    }),
    direction: withDefault(
      choice(['Inbound', 'Outbound'], {
        description: 'The direction of the traffic.',
        example: 'Inbound',
      }),
      'Inbound',
    ),
    access: choice(['Allow', 'Deny'], { description: 'What happens to traffic that fits the rule.', example: 'Allow' }),
    protocol: choice(['Tcp', 'Udp', 'Icmp', 'Esp', 'Ah', '*'], {
      description: 'The protocol of the traffic; "*" is every one.',
      example: 'Tcp',
    }),
    sourceAddressPrefix: optional(prefix('Where the traffic comes from; this or sourceAddressPrefixes.')),
    sourceAddressPrefixes: optional(
      list(
        { description: 'Several ranges the traffic comes from.', example: ['203.0.113.0/24'] },
        prefix('An IP range.'),
        4000,
        1,
      ),
    ),
    sourcePortRange: withDefault(
      ports('The port the traffic comes from; clients choose theirs at random, so nearly always "*".'),
      '*',
    ),
    destinationAddressPrefix: optional(prefix('Where the traffic goes to; this or destinationAddressPrefixes.')),
    destinationAddressPrefixes: optional(
      list(
        { description: 'Several ranges the traffic goes to.', example: ['10.20.0.0/22'] },
        prefix('An IP range.'),
        4000,
        1,
      ),
    ),
    destinationPortRange: optional(ports('The port the traffic goes to, in quotes; this or destinationPortRanges.')),
    destinationPortRanges: optional(
      list(
        { description: 'Several ports or ranges the traffic goes to.', example: ['443', '8443'] },
        ports('A port or a range.'),
        1000,
        1,
      ),
    ),
  },
);

export const network = section(
  { description: 'The virtual network, and who may reach the node from where.' },
  {
    addressSpace: withDefault(
      cidr({
        description:
          'The private address space of the virtual network; it must not overlap networks it will be connected to.',
        example: '10.20.0.0/16',
      }),
      '10.20.0.0/16',
    ),
    subnet: optional(
      cidr({
        description:
          "The nodes' subnet, inside the address space: an address for each node, one for each node added during an upgrade, and five that Azure keeps. Default: the first /22 of the address space. Fixed once deployed.",
        example: '10.20.0.0/22',
      }),
    ),
    expose: orEmpty(
      section(
        {
          description:
            'What may be reached, from where. The rules of the network security group, the Services and the NetworkPolicies all follow from it. The load balancer is the one AKS makes and keeps: each endpoint that is open becomes a Service on it. One declared beside it is never used by AKS, routes nothing and is paid for.',
        },
        {
          swarm: orEmpty(
            section(
              { description: 'The libp2p swarm, port 4001, TCP and UDP (QUIC): how other IPFS nodes reach this one.' },
              { from: from('Who may reach the swarm port.', ['internet'], ['internet']) },
            ),
          ),
          gateway: orEmpty(
            section(
              {
                description:
                  'The HTTP gateway, port 8080; with "host" HTTPS on 443. Whoever reaches it can make the node fetch content.',
              },
              {
                from: from('Who may reach the gateway.', ['203.0.113.0/24'], ['cluster']),
                host: optional(
                  text(
                    {
                      description:
                        'The host name the gateway is served under by HTTPS; its certificate is made through network.dns.',
                      expects: 'a host name such as ipfs.example.org',
                      example: 'ipfs.example.org',
                    },
                    /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/,
                  ),
                ),
              },
            ),
          ),
          api: orEmpty(
            section(
              { description: 'The admin RPC, port 5001: whoever reaches it controls the node and its keys.' },
              { from: from('Who may reach the admin RPC: the cluster or private ranges.', ['cluster'], ['cluster']) },
            ),
          ),
        },
      ),
    ),
    rules: withDefault(
      list(
        {
          description:
            'Further rules of the network security group; those that follow from "expose" are made by themselves. Up to 900.',
          example: [],
        },
        rule,
        900,
      ),
      [],
    ),
    dns: optional(
      section(
        {
          description: 'A DNS record of the node in an Azure DNS zone.',
          example: { zone: 'example.org', record: 'node', create: false },
        },
        {
          zone: text(
            {
              description: 'The name of the zone.',
              expects: 'a domain name such as example.org',
              example: 'example.org',
            },
            /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/,
          ),
          record: text(
            {
              description: 'The record\'s name inside the zone; "@" is the zone itself.',
              expects: 'a record name such as node, or "@"',
              example: 'node',
            },
            /^(@|[a-z0-9_]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9_]([a-z0-9-]{0,61}[a-z0-9])?)*)$/,
          ),
          create: withDefault(
            flag({ description: 'Make the zone too; false refers to one that exists.', example: false }),
            false,
          ),
          resourceGroup: optional(
            text(
              {
                description: "The resource group of a zone that exists; default: the environment's own.",
                expects: 'letters, digits, "_", "-", "(", ")" and ".", at most 90 characters, without a dot at the end',
                example: 'dns-rg',
              },
              /^[\w().-]{0,89}[\w()-]$/,
            ),
          ),
        },
      ),
    ),
  },
);
export type ExposedName = keyof z.output<typeof network>['expose'];
