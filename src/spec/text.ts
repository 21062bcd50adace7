import type { PerpetualNode } from '../../schema/perpetual-node.d.ts';

/** A spec as text, when a program wrote it as an object: JSON is YAML. */
export const textOf = (spec: PerpetualNode | string): string =>
  typeof spec === 'string' ? spec : `${JSON.stringify(spec, null, 2)}\n`;
