import { childPath } from '../spec/path.ts';
import { type Check, repeats } from './check.ts';

export const tagLimits: Check = function* ({ metadata }) {
  const keys = Object.keys(metadata.tags);
  if (keys.length > 40)
    yield { code: 'spec/out-of-range', path: 'metadata.tags', message: `${keys.length} tags: at most 40 are allowed` };
  for (const [, later] of repeats(keys.map((key, index) => [key.toLowerCase(), index] as const))) {
    yield {
      code: 'spec/duplicate',
      path: childPath('metadata.tags', keys[later] as string),
      message: `two tags differ only in upper and lower case: "${keys[later]}"`,
    };
  }
  for (const key of keys) {
    if (/^(aks-managed|k8s-azure)/i.test(key))
      yield {
        code: 'spec/invalid-value',
        path: childPath('metadata.tags', key),
        message: `"${key}" can't be a tag: AKS keeps such names for itself`,
      };
  }
};
