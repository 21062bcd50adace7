import { DiagnosticSeverity, DiagnosticTag, type Diagnostic as Shown } from 'vscode-languageserver';
import type { Compiled } from '../compile.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { rangeAt } from './positions.ts';

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
} as const;

/** Every finding of a check, where it stands; what is waived is only hinted at. */
export const diagnosticsOf = (compiled: Compiled, uri: string): Shown[] =>
  compiled.diagnostics.map((diagnostic) => shownAs(diagnostic, compiled, uri));

export function shownAs(diagnostic: Diagnostic, { loaded: { source } }: Compiled, uri: string): Shown {
  const { code, severity, message, why, help, url, waived, labels } = diagnostic;
  const [{ range, note }, ...related] = labels;
  const parts = [
    note === undefined ? message : `${message} (${note})`,
    ...(why === undefined ? [] : [`why: ${why}`]),
    ...(help === undefined ? [] : [`fix: ${help}`]),
    ...(waived ? [`waived until ${waived.expires} by ${waived.owner}: ${waived.reason}`] : []),
  ];
  return {
    range: rangeAt(source, range),
    severity: waived ? DiagnosticSeverity.Hint : severities[severity],
    code,
    source: 'perpetual',
    message: parts.join('\n'),
    ...(url !== undefined && { codeDescription: { href: url } }),
    ...(code === 'waiver/unused' && { tags: [DiagnosticTag.Unnecessary] }),
    relatedInformation: related.map((label) => ({
      location: { uri, range: rangeAt(source, label.range) },
      message: label.note ?? message,
    })),
  };
}
