import { ofPools } from '../src/policy/node-pools.ts';
import { definePolicy } from '../src/policy/policy.ts';
import { text } from '../src/views.ts';

export default definePolicy({
  id: 'pool-spot-system',
  title: 'a system pool must not be of spot machines',
  why: "Azure refuses the pool: it may take spot machines away at any time, and the cluster's own pods would go with them",
  fix: 'leave scaleSetPriority out for the system pool, and make another pool of spot machines for what can be interrupted',
  source: 'https://learn.microsoft.com/azure/aks/spot-node-pool#limitations',
  example: { wrong: '{ mode: System, scaleSetPriority: Spot }', right: '{ mode: User, scaleSetPriority: Spot }' },
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: false,
  resource: ofPools(function* ({ isSystem, inputs, at }) {
    if (isSystem && text(inputs.scaleSetPriority)?.toLowerCase() === 'spot')
      yield { input: `${at}scaleSetPriority`, message: 'the system pool is of spot machines' };
  }),
});
