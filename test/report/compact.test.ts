import { describe, expect, it } from 'vitest';
import { compact } from '../../src/report/compact.ts';
import { allKinds, reportOf, reportSaying, saying } from '../support/report.ts';

describe('the compact format', () => {
  it('has a line for each finding, as compilers write them', () => {
    const lines = compact(reportOf(allKinds)).split('\n').slice(0, -1);
    expect(lines).toHaveLength(6);
    for (const line of lines)
      expect(line).toMatch(
        /^specs\/prod\/perpetual-node\.yaml:\d+:\d+: (error|warning|note): .+ \[[a-z/-]+\]( \(waived .+\))?$/,
      );
    expect(lines.filter((line) => line.includes(': error: '))).toHaveLength(3);
  });

  it('says nothing where nothing is found, and one line whatever a message holds', () => {
    expect(compact(reportOf({}))).toBe('');
    expect(compact(reportSaying([saying('one\r\n  two\nthree')]))).toBe(
      'a.yaml:1:1: error: one two three [spec/invalid-value]\n',
    );
  });
});
