import { type Compiled, type CompileOptions, compile, isWhole } from '../compile.ts';
import type { Diagnostic, Fix } from '../diagnostic.ts';
import { applied } from '../edit/edits.ts';

/** What was done about a finding, or what was left because it does more harm than good. */
export type Deed = { code: string; title: string; line: number; path: string };

export type Fixed = { text: string; compiled: Compiled; done: Deed[]; left: (Deed & { because: string })[] };

/** Which fix of a finding may be applied, if any. */
export type Choice = (diagnostic: Diagnostic) => Fix | undefined;

/** Those about which nobody can be of two minds. */
export const safeOnes: Choice = ({ fixes = [] }) => fixes.find(({ safe }) => safe);

/**
 * Applies fixes one after the other until none is left that helps. Each has to prove itself: the result is compiled, and
 * a fix after which its finding is still there, or another one is there, is left out.
 */
export function fixText(file: string, text: string, options: CompileOptions, choose: Choice): Fixed {
  let now = compile(file, text, options);
  let written = text;
  const done: Deed[] = [];
  for (;;) {
    const left: Fixed['left'] = [];
    const next = firstThatHelps(left);
    if (!next) return { text: written, compiled: now, done, left };
    ({ compiled: now, text: written } = next);
    done.push(next.deed);
  }

  function firstThatHelps(left: Fixed['left']) {
    for (const diagnostic of now.diagnostics) {
      const fix = diagnostic.waived ? undefined : choose(diagnostic);
      if (!fix) continue;
      const { source } = now.loaded;
      const mark = source.hasByteOrderMark ? '\uFEFF' : '';
      const trial = mark + applied(source.text, fix.edits);
      const deed: Deed = {
        code: diagnostic.code,
        title: fix.title,
        path: diagnostic.path,
        line: source.position(diagnostic.labels[0].range.start).line,
      };
      const compiled = compile(file, trial, options);
      const because = harmOf(diagnostic, now, compiled);
      if (because === undefined) return { compiled, text: trial, deed };
      left.push({ ...deed, because });
    }
    return undefined;
  }
}

/** Why a fix is none: what it was for is still there, or something else is that was not. */
export function harmOf({ code, severity, level }: Diagnostic, before: Compiled, after: Compiled): string | undefined {
  const was = countOf(before);
  const is = countOf(after);
  if ((is.get(code) ?? 0) >= (was.get(code) ?? 0)) return `"${code}" would still be there`;
  // What could not be read hid what policies say about it, and YAML that is broken hid all that follows.
  const revealsFaults = code.startsWith('yaml/');
  const wasHidden = !isWhole(before);
  const revealsViolations = revealsFaults || (severity === 'error' && !level && wasHidden);
  const fresh = after.diagnostics.find(
    (each) =>
      (is.get(each.code) ?? 0) > (was.get(each.code) ?? 0) &&
      !(each.level || each.severity === 'info' ? revealsViolations : revealsFaults) &&
      // Whether a waiver is used is only known of a spec that is whole.
      !(wasHidden && each.code === 'waiver/unused'),
  );
  return fresh && `it would bring about "${fresh.code}": ${fresh.message}`;
}

function countOf({ diagnostics }: Compiled): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { code, waived } of diagnostics) if (!waived) counts.set(code, (counts.get(code) ?? 0) + 1);
  return counts;
}
