import fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { junit } from '../../src/report/junit.ts';
import { allKinds, reportOf, reportSaying, saying } from '../support/report.ts';

type Case = Record<string, unknown> & { failure?: Record<string, string>; 'system-out'?: string; skipped?: unknown };
type Suite = Record<string, unknown> & { testcase: Case[] };

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  trimValues: false,
  htmlEntities: true,
  isArray: (name) => ['testsuite', 'testcase'].includes(name),
});

function suitesOf(xml: string): { totals: Record<string, string>; suites: Suite[] } {
  expect(XMLValidator.validate(xml)).toBe(true);
  const { testsuite, ...totals } = parser.parse(xml).testsuites;
  return { totals, suites: testsuite };
}

describe('JUnit', () => {
  const { totals, suites } = suitesOf(junit(reportOf(allKinds)));

  it('has a suite for each spec, and counts as failed what is an error', () => {
    expect(totals).toMatchObject({ tests: '7', failures: '3', errors: '0', skipped: '1' });
    expect(suites.map(({ name, tests, failures, skipped }) => [name, tests, failures, skipped])).toEqual([
      ['specs/prod/perpetual-node.yaml', '6', '3', '1'],
      ['specs/dev/perpetual-node.yaml', '1', '0', '0'],
    ]);
    for (const { tests, failures, skipped, testcase } of suites) {
      expect(Number(tests)).toBe(testcase.length);
      expect(Number(failures)).toBe(testcase.filter(({ failure }) => failure).length);
      expect(Number(skipped)).toBe(testcase.filter((each) => 'skipped' in each).length);
    }
  });

  it('passes warnings and notes with what they say, skips what is waived, and has a case for what is right', () => {
    const [wrong, right] = suites as [Suite, Suite];
    const named = (name: string) => wrong.testcase.find((each) => String(each.name).startsWith(name));
    expect(named('spec/environment-folder')?.['system-out']).toContain('warning: the environment "live"');
    expect(named('alert-without-action')?.['system-out']).toContain('note: 5 alerts are raised');
    expect(named('nsg-open-admin-api')?.skipped).toEqual({
      message: "waived until 2027-01-31 by ada@example.org: a trial, 50% <b>&'done'",
    });
    expect(named('spec/unknown-region')).toMatchObject({
      name: 'spec/unknown-region at azure.region',
      file: 'specs/prod/perpetual-node.yaml',
      line: '8',
      failure: { type: 'spec/unknown-region', message: expect.stringContaining('"eastsu" is not the name') },
    });
    expect(right.testcase).toEqual([expect.objectContaining({ name: 'check' })]);
  });

  it('has a suite for what is no spec, such as the settings of the owners', () => {
    const report = reportOf(allKinds);
    const label = { file: 'policies/config.yaml', range: { start: 0, end: 1 } };
    const { suites } = suitesOf(
      junit({ ...report, diagnostics: [...report.diagnostics, saying('no such policy', { labels: [label] })] }),
    );
    expect(suites.at(-1)).toMatchObject({ name: 'policies/config.yaml', failures: '1' });
  });

  it('is XML whatever the texts are', () => {
    // Control characters, and halves of characters, have no way into XML; the parser reads line ends as "\n".
    const survives = (text: string): string =>
      text
        .toWellFormed()
        .replaceAll('\r\n', '\n')
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is meant
        .replace(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/g, '\ufffd');
    const text = fc.string({
      unit: fc.oneof(
        fc.constantFrom('<', '>', '&', '"', "'", ']]>', '&amp;', '\n', '\0', '\ud800'),
        fc.string({ unit: 'binary' }),
      ),
    });
    fc.assert(
      fc.property(text, (message) => {
        const { suites } = suitesOf(junit(reportSaying([saying(message)])));
        const failure = suites[0]?.testcase[0]?.failure;
        expect(failure?.message).toBe(survives(message));
        expect(failure?.['#text']).toBe(`a.yaml:1:1: error: ${survives(message)}`);
      }),
    );
  });
});
