import { createHash } from 'node:crypto';
import type { Source } from '../spec/source.ts';

/**
 * The spec a stack was last deployed from. It is one of the stack's outputs: every backend keeps them, and an update
 * that fails leaves them as they were. The text has references only; a literal secret would not have been deployed.
 */
export type DeployedSpec = { file: string; sha256: string; text: string };

export const recordOf = ({ file, text }: Source): DeployedSpec => ({
  file,
  sha256: createHash('sha256').update(text).digest('hex'),
  text,
});

/** The record among the outputs of a stack; programs of others have none. */
export function deployedSpecIn(outputs: Readonly<Record<string, unknown>>): DeployedSpec | undefined {
  const spec = outputs.spec as Partial<DeployedSpec> | undefined;
  if (typeof spec?.file !== 'string' || typeof spec.sha256 !== 'string' || typeof spec.text !== 'string')
    return undefined;
  return { file: spec.file, sha256: spec.sha256, text: spec.text };
}
