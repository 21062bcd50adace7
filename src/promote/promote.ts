import { judgeEdit } from '../changes/edit.ts';
import type { Compiled } from '../compile.ts';
import { counts, type Diagnostic } from '../diagnostic.ts';
import { onlyIn } from '../diff/findings.ts';
import { type Change, changed, same, type Value } from '../edit/change.ts';
import { applied, editsOf } from '../edit/edits.ts';
import { find, toPlain } from '../spec/node.ts';
import { specSchema } from '../spec/schema.ts';
import { allFields } from '../spec/shape.ts';

/** What a promotion makes of a spec. */
export type Promoted = {
  text: string;
  changes: readonly Change[];
  after: Compiled;
  /** What is wrong with the result and was not with the spec: with any of it, nothing is written. */
  refused: Diagnostic[];
};

/** The keys that are the same thing in every environment: the schema says which. */
export const travelling = (): string[] =>
  [...allFields(specSchema)].flatMap(({ path, field }) => (field.about.travels ? [path] : []));

/**
 * Copies the keys from one spec to the other, and leaves everything else of it as it stands: comments, order and style.
 * Undefined where it would change another key as well, as one that is an alias of it.
 */
export function promoted(
  from: Compiled,
  to: Compiled,
  keys: readonly string[],
  judge: (text: string) => Compiled,
): Promoted | undefined {
  const changes = keys.flatMap((path): Change[] => {
    const [given, present] = [from, to].map(({ loaded }) => {
      const node = find(loaded.root, path)?.node;
      return node && (toPlain(node) as Value);
    });
    return given === undefined || same(given, present) ? [] : [{ path, to: given }];
  });
  const { source } = to.loaded;
  const edits = editsOf(to.loaded, changes);
  if (!edits) return undefined;
  const text = (source.hasByteOrderMark ? '\uFEFF' : '') + applied(source.text, edits);
  const after = changes.length === 0 ? to : judge(text);
  // What stands at an anchor stands elsewhere, too, and may be something that does not travel.
  const [plain, expected] = [plainOf(after), changed(plainOf(to), changes)];
  if (!same(plain, expected)) return undefined;
  return {
    ...{ text, changes, after },
    refused: [...onlyIn(after, to), ...judgeEdit(to, after, 'now', [])].filter(
      (diagnostic) => diagnostic.severity === 'error' && counts(diagnostic),
    ),
  };
}

const plainOf = ({ loaded: { root } }: Compiled): unknown => root && toPlain(root);
