import * as z from 'zod/mini';
import { optional, orEmpty, saying, section } from './field.ts';
import { azure } from './sections/azure.ts';
import { budget } from './sections/budget.ts';
import { cluster } from './sections/cluster.ts';
import { metadata } from './sections/metadata.ts';
import { monitoring } from './sections/monitoring.ts';
import { network } from './sections/network.ts';
import { node } from './sections/node.ts';
import { policies } from './sections/policies.ts';
import { registry } from './sections/registry.ts';
import { secrets } from './sections/secrets.ts';
import { storage } from './sections/storage.ts';
import { usage } from './sections/usage.ts';

/** The spec, version 1. Its paths are a contract: keys are added, never renamed or moved. */
export const specSchema = section(
  { description: 'One environment of a perpetual node.' },
  {
    apiVersion: saying(z.literal('perpetual.dev/v1'), {
      description: 'The version of this format.',
      example: 'perpetual.dev/v1',
    }),
    kind: saying(z.literal('PerpetualNode'), { description: 'What the file describes.', example: 'PerpetualNode' }),
    metadata,
    azure,
    cluster,
    network: orEmpty(network),
    node,
    storage: orEmpty(storage),
    secrets: orEmpty(secrets),
    registry: optional(registry),
    monitoring: optional(monitoring),
    budget: optional(budget),
    usage: orEmpty(usage),
    policies: orEmpty(policies),
  },
);

/** A spec with every default filled in. Where the file was wrong it has holes: read it through `track.ts`, which knows them. */
export type Spec = z.output<typeof specSchema>;
