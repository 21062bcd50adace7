import type { Diagnostic } from '../diagnostic.ts';
import { count, type Report, type SpecReport } from './report.ts';
import { acceptanceOf, gravityOf, messageOf, notesOf } from './words.ts';

/** A suite for each spec, and for each other file that something is said about; a case for each finding. */
export function junit(report: Report): string {
  const byFile = Map.groupBy(report.diagnostics, ({ labels: [{ file }] }) => file);
  const specs = new Map(report.specs.map((spec) => [spec.file, spec]));
  const files = [...new Set([...specs.keys(), ...byFile.keys()])];
  const suites = files.map((file) => suite(report, file, specs.get(file), byFile.get(file) ?? []));
  const { errors, waived } = count(report.diagnostics);
  const cases = files.reduce((sum, file) => sum + Math.max(byFile.get(file)?.length ?? 0, 1), 0);
  const totals = attributes({ name: 'perpetual', tests: cases, failures: errors, errors: 0, skipped: waived });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${totals}>\n${suites.join('')}</testsuites>\n`;
}

function suite(report: Report, file: string, spec: SpecReport | undefined, diagnostics: readonly Diagnostic[]): string {
  const { errors, waived } = count(diagnostics);
  const cases =
    diagnostics.length > 0
      ? diagnostics.map((diagnostic) => testCase(report, file, diagnostic))
      : // A suite without a case is taken for one that did not run.
        [`    <testcase${attributes({ name: 'check', classname: file, file })}/>\n`];
  const totals = { name: file, tests: cases.length, failures: errors, errors: 0, skipped: waived };
  const known = spec?.bill
    ? { environment: spec.environment, stage: spec.stage, monthlyUsd: spec.bill.monthlyUsd.toFixed(2) }
    : {};
  const properties = Object.entries(known).map(([name, value]) => `      <property${attributes({ name, value })}/>\n`);
  return [
    `  <testsuite${attributes(totals)}>\n`,
    ...(properties.length > 0 ? ['    <properties>\n', ...properties, '    </properties>\n'] : []),
    ...cases,
    '  </testsuite>\n',
  ].join('');
}

/** An error has failed; a warning or a note has not, and says what it has to say; what is waived was skipped. */
function testCase(report: Report, file: string, diagnostic: Diagnostic): string {
  const { code, path, labels } = diagnostic;
  const { line, column } = report.source(file)?.position(labels[0].range.start) ?? { line: 1, column: 1 };
  const name = `${code}${path === '' ? '' : ` at ${path}`}`;
  const place = `${file}:${line}:${column}`;
  const text = [
    `${place}: ${gravityOf(diagnostic)}: ${messageOf(diagnostic)}`,
    ...notesOf(diagnostic).map(([title, note]) => `${title}: ${note}`),
  ].join('\n');
  const accepted = acceptanceOf(diagnostic);
  const result =
    accepted !== undefined
      ? `<skipped${attributes({ message: `waived ${accepted}` })}/>`
      : diagnostic.severity === 'error'
        ? `<failure${attributes({ message: messageOf(diagnostic), type: code })}>${escaped(text)}</failure>`
        : `<system-out>${escaped(text)}</system-out>`;
  return `    <testcase${attributes({ name, classname: file, file, line })}>\n      ${result}\n    </testcase>\n`;
}

const attributes = (values: Readonly<Record<string, string | number>>): string =>
  Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(String(value)).replaceAll('"', '&quot;').replaceAll('\n', '&#10;')}"`)
    .join('');

/** Text in XML 1.0, which has no way at all to write most control characters. */
const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll('\r\n', '\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    .replace(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/g, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
