import schema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json' with { type: 'json' };
import Draft04 from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import type { Log, Result } from 'sarif';
import { describe, expect, it } from 'vitest';
import { sarif } from '../../src/report/sarif.ts';
import { allKinds, reportOf, reportSaying, saying } from '../support/report.ts';
import { compileText, leastSpec } from '../support/specs.ts';

const ajv = new Draft04.default({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats.default(ajv as unknown as Parameters<typeof addFormats.default>[0]);
const validate = ajv.compile(schema);

/** The log, after it was held against the official schema. */
function logOf(text: string): Log {
  const log = JSON.parse(text);
  validate(log);
  expect(validate.errors ?? []).toEqual([]);
  return log;
}
const resultsOf = (texts: Record<string, string>): Result[] => logOf(sarif(reportOf(texts))).runs[0]?.results ?? [];
const file = 'specs/prod/perpetual-node.yaml';
const fingerprintsOf = (text: string): string[] =>
  resultsOf({ [file]: text }).map(({ partialFingerprints }) => partialFingerprints?.['perpetual/v1'] as string);

describe('SARIF', () => {
  it('has an empty list where nothing is found', () => {
    const [run] = logOf(sarif(reportOf({ [file]: leastSpec }))).runs;
    expect(run).toMatchObject({ results: [], tool: { driver: { name: 'perpetual', rules: [] } } });
  });

  it('has a line and a column for everything, from the root of the repository', () => {
    const results = resultsOf(allKinds);
    expect(new Set(results.map(({ level }) => level))).toEqual(new Set(['error', 'warning', 'note']));
    for (const { locations = [], relatedLocations = [] } of results)
      for (const { physicalLocation } of [...locations, ...relatedLocations]) {
        expect(physicalLocation?.artifactLocation).toEqual({ uri: file, uriBaseId: '%SRCROOT%' });
        const { startLine, startColumn, endLine, endColumn } = physicalLocation?.region ?? {};
        for (const number of [startLine, startColumn, endLine, endColumn]) expect(number).toBeGreaterThan(0);
      }
    expect(results.some(({ relatedLocations }) => relatedLocations)).toBe(true);
    const nowhere = { ...reportSaying([saying('x')]), source: () => undefined };
    expect(logOf(sarif(nowhere)).runs[0]?.results?.[0]?.locations?.[0]?.physicalLocation?.region).toEqual({
      startLine: 1,
      startColumn: 1,
      endLine: 1,
      endColumn: 1,
    });
  });

  it.each([
    ['a name/with %:#ä.yaml', { uri: 'a%20name/with%20%25%3A%23%C3%A4.yaml', uriBaseId: '%SRCROOT%' }],
    ['/elsewhere/x y.yaml', { uri: 'file:///elsewhere/x%20y.yaml' }],
    ['C:/elsewhere/x.yaml', { uri: 'file:///C%3A/elsewhere/x.yaml' }],
  ])('writes %s as an address', (name, location) => {
    const [result] =
      logOf(sarif(reportSaying([saying('x', { labels: [{ file: name, range: { start: 0, end: 4 } }] })], name))).runs[0]
        ?.results ?? [];
    expect(result?.locations?.[0]?.physicalLocation?.artifactLocation).toEqual(location);
  });

  it('keeps a waived finding and says who accepts it, and of the others that nobody does', () => {
    const waived = resultsOf(allKinds).filter(({ suppressions }) => suppressions?.length !== 0);
    expect(waived).toMatchObject([
      {
        ruleId: 'nsg-open-admin-api',
        level: 'error',
        suppressions: [
          {
            kind: 'inSource',
            status: 'accepted',
            justification: "until 2027-01-31 by ada@example.org: a trial, 50% <b>&'done'",
          },
        ],
      },
    ]);
    expect(resultsOf({ [file]: `${leastSpec}foo: 1\n` })[0]).not.toHaveProperty('suppressions');
  });

  it('explains every rule', () => {
    const [run] = logOf(sarif(reportOf(allKinds))).runs;
    const rules = run?.tool.driver.rules ?? [];
    expect(rules.map(({ id }) => id)).toEqual(rules.map(({ id }) => id).sort());
    for (const { id, shortDescription, help, helpUri } of rules) {
      expect(shortDescription?.text).not.toBe(id);
      expect(help?.text).toContain('fix: ');
      expect(help?.markdown).toContain('- fix: ');
      if (!id.includes('/')) expect(helpUri).toMatch(/^https:\/\//);
    }
    for (const { ruleId, ruleIndex } of run?.results ?? []) expect(rules[ruleIndex as number]?.id).toBe(ruleId);
  });

  it("takes what a policy of somebody's own says from its finding", () => {
    const own = saying('x', { code: 'our-own', why: 'we said so', url: 'https://example.org/why' });
    expect(logOf(sarif(reportSaying([own]))).runs[0]?.tool.driver.rules).toMatchObject([
      { id: 'our-own', shortDescription: { text: 'we said so' }, helpUri: 'https://example.org/why' },
    ]);
  });

  it('has edits that mend the text', () => {
    const text = leastSpec.replace('region: eastus', 'region: eastsu');
    const edit = resultsOf({ [file]: text })[0]?.fixes?.[0]?.artifactChanges[0]?.replacements[0];
    const lines = text.split('\n');
    const { startLine = 0, startColumn = 0, endColumn = 0 } = edit?.deletedRegion ?? {};
    const line = lines[startLine - 1] as string;
    lines[startLine - 1] =
      line.slice(0, startColumn - 1) + (edit?.insertedContent?.text ?? '') + line.slice(endColumn - 1);
    expect(compileText(lines.join('\n')).diagnostics).toEqual([]);
  });

  it('knows a finding again when its line has moved, its neighbours changed or its price rose', () => {
    const rules = (...names: string[]) =>
      `network:\n  rules:\n${names.map((name, index) => `    - { name: ${name}, priority: ${300 + index}, direction: Inbound, access: Allow, protocol: Tcp, destinationPortRange: "22", sourceAddressPrefix: "*" }\n`).join('')}`;
    const before = `${leastSpec}budget: { monthlyUsd: 10 }\n${rules('ssh')}`;
    const after = `# moved\n\n${leastSpec.replace('node:', '\n# a comment\nnode:')}budget: { monthlyUsd: 9 }\n${rules('ssh')}`;
    const known = fingerprintsOf(before);
    expect(known.length).toBeGreaterThan(1);
    expect(new Set(known).size).toBe(known.length);
    expect(fingerprintsOf(after)).toEqual(known);
    const grown = fingerprintsOf(
      before.replace(
        rules('ssh'),
        rules('ssh').replace(
          'rules:\n',
          `rules:\n    - { name: web, priority: 200, direction: Inbound, access: Allow, protocol: Tcp, destinationPortRange: "3389", sourceAddressPrefix: "*" }\n`,
        ),
      ),
    );
    expect(grown).toEqual(expect.arrayContaining(known));
    expect(grown.length).toBeGreaterThan(known.length);
  });

  it('tells findings apart that look the same', () => {
    const twice = reportSaying([saying('one'), saying('two')]);
    const prints = logOf(sarif(twice)).runs[0]?.results?.map(({ partialFingerprints }) => partialFingerprints);
    expect(new Set(prints?.map((each) => JSON.stringify(each))).size).toBe(2);
  });
});
