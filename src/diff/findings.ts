import type { Compiled } from '../compile.ts';
import type { Diagnostic, Severity, Waiver } from '../diagnostic.ts';

/** A finding of one side, with the line it stands at there. */
export type Found = {
  code: string;
  severity: Severity;
  message: string;
  path: string;
  line: number;
  help?: string;
  waived?: Waiver;
};

export const foundIn = ({ loaded }: Compiled, { code, severity, message, path, labels, help, waived }: Diagnostic) => ({
  code,
  severity,
  message,
  path,
  line: loaded.source.position(labels[0].range.start).line,
  ...(help !== undefined && { help }),
  ...(waived && { waived }),
});

/** What is found on one side and not on the other, with its lines. */
export const foundOnlyIn = (one: Compiled | undefined, other: Compiled | undefined): Found[] =>
  one ? onlyIn(one, other).map((each) => foundIn(one, each)) : [];

/**
 * What is said of one side and not of the other. A finding is the same one when its code and its path are, whatever
 * figure its message has now and whichever place in its list the item has.
 */
export function onlyIn(one: Compiled, other: Compiled | undefined): Diagnostic[] {
  const rest = new Map<string, Diagnostic[]>();
  for (const each of other?.diagnostics ?? []) rest.set(keyOf(each), [...(rest.get(keyOf(each)) ?? []), each]);
  const take = (each: Diagnostic, isSame: (candidate: Diagnostic) => boolean): boolean => {
    const candidates = rest.get(keyOf(each)) ?? [];
    const index = candidates.findIndex(isSame);
    if (index >= 0) candidates.splice(index, 1);
    return index >= 0;
  };
  return one.diagnostics
    .filter((each) => !take(each, ({ path, message }) => path === each.path && message === each.message))
    .filter((each) => !take(each, () => true));
}

const keyOf = ({ code, path }: Diagnostic): string => `${code} ${path.replace(/\[\d+\]/g, '')}`;
