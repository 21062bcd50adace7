import { type CodeAction, CodeActionKind, type Range } from 'vscode-languageserver';
import type { Compiled } from '../compile.ts';
import type { Fix } from '../diagnostic.ts';
import { shownAs } from './diagnostics.ts';
import { rangeAt } from './positions.ts';

/** The fixes of what is found in a range, and one action for all that are safe in the whole file. */
export function actionsFor(compiled: Compiled, uri: string, asked: Range, only: readonly string[] = []): CodeAction[] {
  const wants = (kind: string): boolean =>
    only.length === 0 || only.some((each) => kind === each || kind.startsWith(`${each}.`));
  const { source } = compiled.loaded;
  const quick = compiled.diagnostics.flatMap((diagnostic) => {
    const [{ range }] = diagnostic.labels;
    if (!overlaps(rangeAt(source, range), asked)) return [];
    return (diagnostic.fixes ?? []).map(
      (fix): CodeAction => ({
        title: fix.title,
        kind: CodeActionKind.QuickFix,
        isPreferred: fix.safe,
        diagnostics: [shownAs(diagnostic, compiled, uri)],
        edit: { changes: { [uri]: editsOf(compiled, [fix]) } },
      }),
    );
  });
  const safe = compiled.diagnostics.flatMap(({ fixes }) => (fixes ?? []).filter((fix) => fix.safe).slice(0, 1));
  const all: CodeAction = {
    title: 'perpetual: apply every safe fix',
    kind: CodeActionKind.SourceFixAll,
    edit: { changes: { [uri]: editsOf(compiled, safe) } },
  };
  return [
    ...(wants(CodeActionKind.QuickFix) ? quick : []),
    ...(wants(CodeActionKind.SourceFixAll) && safe.length > 0 ? [all] : []),
  ];
}

/** Fixes that touch the same text can't be made at once: the first of them is, and each whole or not at all. */
function editsOf({ loaded: { source } }: Compiled, fixes: readonly Fix[]) {
  const taken: Fix['edits'] = [];
  const collide = (one: Fix['edits'][number], other: Fix['edits'][number]): boolean =>
    one.range.start <= other.range.end && other.range.start <= one.range.end;
  for (const { edits } of fixes)
    if (!edits.some((edit) => taken.some((each) => collide(each, edit)))) taken.push(...edits);
  return taken.map(({ range, newText }) => ({ range: rangeAt(source, range), newText }));
}

const overlaps = (one: Range, other: Range): boolean =>
  !isBefore(one.end, other.start) && !isBefore(other.end, one.start);

const isBefore = (a: Range['start'], b: Range['start']): boolean =>
  a.line < b.line || (a.line === b.line && a.character < b.character);
