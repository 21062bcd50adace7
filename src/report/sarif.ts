import { createHash } from 'node:crypto';
import type { ArtifactLocation, Location, Log, Region, ReportingDescriptor, Result, Fix as SarifFix } from 'sarif';
import type { Diagnostic, Fix, Label, Range } from '../diagnostic.ts';
import { explain } from '../explain/explain.ts';
import type { Report } from './report.ts';
import { acceptanceOf, messageOf } from './words.ts';

const root = '%SRCROOT%';
const levels = { error: 'error', warning: 'warning', info: 'note' } as const;

/** SARIF 2.1.0, for code scanning: every file from the root of its repository, every finding with line and column. */
export function sarif(report: Report, fromRoot: (file: string) => string = (file) => file): string {
  const byCode = Map.groupBy(report.diagnostics, ({ code }) => code);
  const codes = [...byCode.keys()].sort();
  const ruleIndex = new Map(codes.map((code, index) => [code, index]));
  const identify = fingerprints(report, fromRoot);
  const isAnyWaived = report.diagnostics.some(({ waived }) => waived);
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'perpetual',
            semanticVersion: report.tool.version,
            rules: codes.map((code) => ruleOf((byCode.get(code) as Diagnostic[])[0] as Diagnostic)),
          },
        },
        columnKind: 'utf16CodeUnits',
        // Where it lies is known to whoever reads this, and differs from machine to machine.
        originalUriBaseIds: { [root]: { description: { text: 'the root of the repository' } } },
        results: report.diagnostics.map((diagnostic) => ({
          ...resultOf(report, diagnostic, fromRoot),
          ruleIndex: ruleIndex.get(diagnostic.code) as number,
          partialFingerprints: { 'perpetual/v1': identify(diagnostic) },
          // Of all or of none: without the key nobody knows whether a result is suppressed.
          ...(isAnyWaived && { suppressions: suppressionsOf(diagnostic) }),
        })),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function resultOf(report: Report, diagnostic: Diagnostic, fromRoot: (file: string) => string): Result {
  const { code, severity, level, help, path, labels, fixes } = diagnostic;
  const [primary, ...others] = labels;
  const locate = (label: Label): Location => ({
    physicalLocation: {
      artifactLocation: artifact(fromRoot(label.file)),
      region: regionOf(report, label.file, label.range),
    },
  });
  const related = others.map((label, index) => ({
    id: index + 1,
    ...locate(label),
    message: { text: label.note ?? 'this is the other place' },
  }));
  return {
    ruleId: code,
    level: levels[severity],
    message: { text: `${messageOf(diagnostic)}${help === undefined ? '' : `\nfix: ${help}`}` },
    locations: [
      { ...locate(primary), ...(path !== '' && { logicalLocations: [{ fullyQualifiedName: path, kind: 'member' }] }) },
    ],
    ...(related.length > 0 && { relatedLocations: related }),
    ...(fixes && fixes.length > 0 && { fixes: fixes.map((fix) => fixOf(report, fix, primary.file, fromRoot)) }),
    properties: { environment: report.environmentOf(primary.file), ...(level && { level }) },
  };
}

function fixOf(report: Report, { title, edits }: Fix, file: string, fromRoot: (file: string) => string): SarifFix {
  const replacements = edits.map(({ range, newText }) => ({
    deletedRegion: regionOf(report, file, range),
    insertedContent: { text: newText },
  }));
  return {
    description: { text: title },
    artifactChanges: [{ artifactLocation: artifact(fromRoot(file)), replacements }],
  };
}

function regionOf(report: Report, file: string, range: Range): Region {
  const source = report.source(file);
  const start = source?.position(range.start) ?? { line: 1, column: 1 };
  const end = source?.position(range.end) ?? start;
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}

/** A file outside of the repository has a place of its own. */
function artifact(file: string): ArtifactLocation {
  const uri = file.split('/').map(encodeURIComponent).join('/');
  if (file.startsWith('/')) return { uri: `file://${uri}` };
  if (/^[A-Za-z]:\//.test(file)) return { uri: `file:///${uri}` };
  return { uri, uriBaseId: root };
}

const suppressionsOf = (diagnostic: Diagnostic): NonNullable<Result['suppressions']> => {
  const justification = acceptanceOf(diagnostic);
  return justification === undefined ? [] : [{ kind: 'inSource', status: 'accepted', justification }];
};

/** What there is to say about a code whatever it was found in; of a policy of somebody's own what its finding says. */
function ruleOf({ code, why, url }: Diagnostic): ReportingDescriptor {
  const parts = new Map(explain(code)?.parts);
  const summary = parts.get('rule') ?? parts.get('cause') ?? why ?? code;
  const reason = parts.get('consequence') ?? why ?? summary;
  const source = parts.get('source') ?? url;
  const help = [
    ['why', reason],
    ['fix', parts.get('fix')],
    ['wrong', parts.get('wrong')],
    ['right', parts.get('right')],
    ['more', source],
  ].flatMap(([title, text]) => (text === undefined ? [] : [`${title}: ${text}`]));
  return {
    id: code,
    shortDescription: { text: summary },
    fullDescription: { text: reason },
    help: { text: help.join('\n'), markdown: help.map((line) => `- ${line}`).join('\n') },
    ...(source !== undefined && { helpUri: source }),
    properties: { tags: [code.includes('/') ? (code.split('/')[0] as string) : 'policy'] },
  };
}

/**
 * What makes a finding the same one after an edit elsewhere: its code, its file and the key of the spec, not its line.
 * Where the key says too little, as for an item of a list or a file that is no YAML, the text of the line stands in for it.
 */
function fingerprints(report: Report, fromRoot: (file: string) => string): (diagnostic: Diagnostic) => string {
  const seen = new Map<string, number>();
  return ({ code, path, labels: [{ file, range }] }) => {
    const source = report.source(file);
    const key = path.replace(/\[\d+\]/g, '[]');
    const text = path === key && path !== '' ? '' : (source?.line(source.position(range.start).line).trim() ?? '');
    const digest = createHash('sha256')
      .update([code, fromRoot(file), key, text].join('\0'))
      .digest('hex')
      .slice(0, 32);
    const number = (seen.get(digest) ?? 0) + 1;
    seen.set(digest, number);
    return `${digest}:${number}`;
  };
}
