import { createHash } from 'node:crypto';
import type { Source } from '../spec/source.ts';

/**
 * The spec a stack was last deployed from as a whole. It is one of the stack's outputs: every backend keeps them, and an
 * update that fails leaves them as they were. The text has references only; a literal secret would not have been deployed.
 */
export type DeployedSpec = { file: string; sha256: string; text: string };

/** That one, and those that were deployed before it, the latest first: what a rollback goes back to. */
export type KeptSpecs = { deployed?: DeployedSpec; earlier: readonly DeployedSpec[] };

/** Hands to the program what the stack keeps, which it can't ask for without becoming another program to the engine. */
export const keptVariable = 'PERPETUAL_KEPT_SPECS';

/** How many are kept besides: each is as long as its file, and a commit has all others. */
const most = 5;

export const recordOf = ({ file, text }: Source): DeployedSpec => ({
  file,
  sha256: createHash('sha256').update(text).digest('hex'),
  text,
});

/** The records among the outputs of a stack; programs of others have none. */
export function keptSpecsIn({ spec, earlierSpecs }: Readonly<Record<string, unknown>>): KeptSpecs {
  const deployed = asSpec(spec);
  const earlier = Array.isArray(earlierSpecs) ? earlierSpecs.flatMap((each) => asSpec(each) ?? []) : [];
  return { ...(deployed && { deployed }), earlier };
}

function asSpec(value: unknown): DeployedSpec | undefined {
  const { file, sha256, text } = (value ?? {}) as Partial<DeployedSpec>;
  if (typeof file !== 'string' || typeof sha256 !== 'string' || typeof text !== 'string') return undefined;
  return { file, sha256, text };
}

/** What is kept once another spec is deployed. Whoever goes back to an earlier one does not want what came after it again. */
export function keptAfter({ deployed, earlier }: KeptSpecs, next: DeployedSpec): KeptSpecs {
  if (!deployed || deployed.sha256 === next.sha256) return { deployed: next, earlier };
  const at = earlier.findIndex(({ sha256 }) => sha256 === next.sha256);
  return { deployed: next, earlier: at >= 0 ? earlier.slice(at + 1) : [deployed, ...earlier].slice(0, most) };
}

/** As the outputs of a stack; what does not exist has no output. */
export const outputsFor = ({ deployed, earlier }: KeptSpecs): Record<string, unknown> => ({
  ...(deployed && { spec: deployed }),
  ...(earlier.length > 0 && { earlierSpecs: earlier }),
});
