import type { Diagnostic } from '../diagnostic.ts';
import type { LoadedSpec } from '../spec/load.ts';
import { find } from '../spec/node.ts';
import { parsePath } from '../spec/path.ts';
import { type Change, parentOf, type Value } from './change.ts';
import { editsOf, withoutEmptied } from './edits.ts';
import { flowText } from './yaml-text.ts';

/** Changes of the spec that end a finding together; safe when nobody could have meant anything else. */
export type Mend = { changes: readonly Change[]; safe: boolean; title?: string };

/** One value is written; the finding's own when the path is. */
export const writing = (path: string, to: Value, safe = false): Mend => ({ changes: [{ path, to }], safe });

/** A key or an item goes. */
export const removing = (path: string, safe = false): Mend => ({ changes: [{ path, to: undefined }], safe });

/** The mends as edits of the text, without those that can't be written there alone, as at an anchor others share. */
export function fixesOf(loaded: LoadedSpec, mends: readonly Mend[] = []): Pick<Diagnostic, 'fixes'> {
  const fixes = mends.flatMap(({ changes, safe, title }) => {
    const edits = editsOf(loaded, withoutEmptied(loaded.root, changes));
    return edits ? [{ title: title ?? changes.map((change) => titleOf(loaded, change)).join(', '), safe, edits }] : [];
  });
  return fixes.length > 0 ? { fixes } : {};
}

function titleOf({ root }: LoadedSpec, { path, to }: Change): string {
  const last = parsePath(path).at(-1);
  const name = typeof last === 'number' ? `item ${last + 1} of ${parsePath(parentOf(path)).at(-1)}` : `"${last}"`;
  if (to === undefined) return `remove ${name}`;
  const text = typeof to === 'string' ? to : flowText(to);
  return find(root, path) ? `write ${text}` : `add ${name}: ${text}`;
}
