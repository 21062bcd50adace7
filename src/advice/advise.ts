import type { Range } from '../diagnostic.ts';
import { labelAt, specPathOf } from '../locate.ts';
import type { Plan, Resource } from '../plan.ts';
import type { LoadedSpec } from '../spec/load.ts';
import type { Advice } from './advice.ts';
import { azureErrors } from './azure-errors.ts';
import { azureWords } from './azure-words.ts';
import { kubernetesErrors } from './kubernetes-errors.ts';

/** What went wrong with a resource, in the operator's words and at the line of the spec that caused it. */
export type Advised = Advice & {
  /** Azure's code, or undefined where Kubernetes said it. */
  code?: string;
  resource: string;
  /** The key of the spec, its file and the place in it. */
  path: string;
  file: string;
  range: Range;
};

/**
 * What the engine reported of a resource: its logical name and the whole text of the failure. Undefined when the plan has
 * no such resource or nothing is known about the failure.
 */
export function advise(
  failure: { resource: string; message: string },
  plan: Plan,
  loaded: LoadedSpec,
): Advised | undefined {
  const resource = plan.resources.find(({ name }) => name === failure.resource);
  const known = resource && find(failure.message);
  if (!known) return undefined;
  const path = specPathOf(loaded, resource, known.input !== undefined ? inputOf(resource, known.input) : '');
  const { file, range } = labelAt(loaded, path);
  return { ...known, resource: failure.resource, path, file, range };
}

/** Codes as ARM writes them: `Code="SkuNotAvailable"`, `"code": "SkuNotAvailable"`, `ErrorCode: SkuNotAvailable`. */
function find(message: string): (Advice & { code?: string }) | undefined {
  const worded = said(azureWords, message);
  if (worded) return worded;
  const codes = [...message.matchAll(/[Cc]ode["']?\s*[:=]\s*\\?["']?([A-Za-z0-9_]+)/g)].map(
    ([, code]) => code as string,
  );
  const named = [...codes, ...Object.keys(azureErrors).filter((code) => new RegExp(`\\b${code}\\b`).test(message))];
  // The innermost one is the reason; those around it only say that something failed.
  const code = named.reverse().find((each) => Object.hasOwn(azureErrors, each));
  if (code) return { ...(azureErrors[code] as Advice), code };
  return said(kubernetesErrors, message);
}

function said(known: readonly (Advice & { words: RegExp })[], message: string): Advice | undefined {
  const found = known.find(({ words }) => words.test(message));
  if (!found) return undefined;
  const { words: _, ...advice } = found;
  return advice;
}

/** A pool of its own has its inputs at the top. */
const inputOf = ({ type }: Resource, input: string): string =>
  type === 'azure-native:containerservice:AgentPool' ? input.replace('agentPoolProfiles[0].', '') : input;
