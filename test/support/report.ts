import { type Diagnostic, sortDiagnostics } from '../../src/diagnostic.ts';
import { type Report, summarise } from '../../src/report/report.ts';
import { Source } from '../../src/spec/source.ts';
import { compileText, leastSpec, today } from './specs.ts';

/** What a run over these specs has to print. */
export function reportOf(texts: Readonly<Record<string, string>>): Report {
  const compiled = new Map(Object.entries(texts).map(([file, text]) => [file, compileText(text, file)]));
  return {
    specs: [...compiled.values()].map(summarise),
    diagnostics: sortDiagnostics([...compiled.values()].flatMap(({ diagnostics }) => diagnostics)),
    source: (file) => compiled.get(file)?.loaded.source,
    environmentOf: (file) => compiled.get(file)?.environment ?? '',
    asOf: today,
    tool: { version: '1.2.3', catalog: today },
  };
}

/** One that says these things of a file with this text. */
export function reportSaying(diagnostics: readonly Diagnostic[], file = 'a.yaml', text = leastSpec): Report {
  const source = new Source(file, text);
  return { ...reportOf({}), diagnostics, source: (name) => (name === file ? source : undefined) };
}

export const saying = (message: string, more: Partial<Diagnostic> = {}): Diagnostic => ({
  code: 'spec/invalid-value',
  severity: 'error',
  message,
  path: '',
  labels: [{ file: 'a.yaml', range: { start: 0, end: 4 } }],
  ...more,
});

/** Errors with an edit and a second place, a warning, a note, and a violation that was accepted. */
export const allKinds = {
  'specs/prod/perpetual-node.yaml': leastSpec
    .replace('environment: prod', 'environment: live')
    .replace('eastus', 'eastsu')
    .concat(
      'network: { subnet: 10.99.0.0/22, expose: { api: { from: [internet] }, swarm: { from: [internet], form: x } } }\n',
      'storage: { growth: {} }\n',
      'policies:\n  waivers:\n',
      '    - { policy: nsg-open-admin-api, reason: "a trial, 50% <b>&\'done\'", owner: ada@example.org, expires: 2027-01-31 }\n',
    ),
  'specs/dev/perpetual-node.yaml': leastSpec.replace('environment: prod', 'environment: dev'),
};
