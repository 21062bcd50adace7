import { kubernetesVersions } from './kubernetes-versions.ts';
import { skuEnds } from './sku-rules.ts';
import { vmSizeEnds } from './vm-sizes.ts';

/** Every day on which something of the catalog begins or ends, `YYYY-MM-DD`, as the facts have it. */
export const datedFacts = (): string[] => [
  ...kubernetesVersions().flatMap(({ gaDate, communityEol, ltsEol }) => [gaDate ?? [], communityEol, ltsEol].flat()),
  ...vmSizeEnds(),
  ...skuEnds(),
];
