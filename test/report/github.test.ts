import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { github } from '../../src/report/github.ts';
import { allKinds, reportOf, reportSaying, saying } from '../support/report.ts';

type Annotation = { level: string; text: string } & Record<string, string>;

/** Reads workflow commands as GitHub's runner does: by line, properties by comma, then unescapes. */
function parsed(output: string): Annotation[] {
  const unescaped = (text: string, all: readonly [string, string][]): string =>
    all.reduce((known, [from, to]) => known.replaceAll(from, to), text);
  const data: [string, string][] = [
    ['%0D', '\r'],
    ['%0A', '\n'],
  ];
  const percent: [string, string] = ['%25', '%'];
  return output
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [, level, properties = '', text = ''] = /^::(\w+) (.*?)::(.*)$/.exec(line) ?? [];
      const read = properties.split(',').map((each) => {
        const at = each.indexOf('=');
        return [each.slice(0, at), unescaped(each.slice(at + 1), [...data, ['%3A', ':'], ['%2C', ','], percent])];
      });
      return { ...Object.fromEntries(read), level, text: unescaped(text, [...data, percent]) };
    });
}

describe('annotations', () => {
  it('are at the lines of what was found, with reason and fix', () => {
    const annotations = parsed(github(reportOf(allKinds)));
    expect(annotations.map(({ level, title, line, col }) => `${level} ${title} ${line}:${col}`)).toEqual([
      'warning spec/environment-folder 5:16',
      'error spec/unknown-region 8:11',
      'error spec/subnet 13:20',
      'notice nsg-open-admin-api (waived) 13:58',
      'error spec/unknown-key 13:98',
      'notice alert-without-action 14:12',
    ]);
    expect(annotations[3]?.text.split('\n')).toEqual([
      'the admin RPC (port 5001) is open to the internet (everybody there controls the node and its keys)',
      expect.stringMatching(/^why: /),
      expect.stringMatching(/^fix: /),
      expect.stringMatching(/^more: https:/),
      "waived: until 2027-01-31 by ada@example.org: a trial, 50% <b>&'done'",
    ]);
  });

  it('come back whatever is in their texts and names', () => {
    const text = fc.string({
      unit: fc.oneof(
        fc.constantFrom('%', '\r', '\n', ':', ',', '::', '=', '%0A', '%25'),
        fc.string({ unit: 'binary' }),
      ),
    });
    fc.assert(
      fc.property(text, text, text, (message, file, code) => {
        const label = { file, range: { start: 0, end: 4 } };
        const [annotation, ...more] = parsed(github(reportSaying([saying(message, { code, labels: [label] })], file)));
        expect(more).toEqual([]);
        expect(annotation).toMatchObject({ level: 'error', text: message, file, title: code, line: '1' });
      }),
    );
  });

  it('have no columns where they span lines, which GitHub would refuse', () => {
    const [annotation] = parsed(
      github(reportSaying([saying('x', { labels: [{ file: 'a.yaml', range: { start: 0, end: 40 } }] })])),
    );
    expect(annotation).toMatchObject({ line: '1', endLine: '2' });
    expect(annotation).not.toHaveProperty('col');
    expect(annotation).not.toHaveProperty('endColumn');
  });

  const many = (severity: 'error' | 'warning' | 'info', number: number) =>
    Array.from({ length: number }, (_, index) => saying(`${severity} ${index}`, { severity }));

  it('are ten of a level, and a notice counts the others and itself', () => {
    const annotations = parsed(
      github(reportSaying([...many('error', 12), ...many('warning', 11), ...many('info', 10)])),
    );
    const of = (level: string) => annotations.filter((each) => each.level === level);
    expect([of('error').length, of('warning').length, of('notice').length]).toEqual([10, 10, 10]);
    expect(annotations.at(-1)).toEqual({
      level: 'notice',
      title: 'perpetual',
      text: '2 more errors, 1 more warning, 1 more notice: "perpetual check" shows everything',
    });
  });

  it('are followed by nothing where all are shown', () => {
    const annotations = parsed(
      github(reportSaying([...many('error', 10), ...many('warning', 10), ...many('info', 10)])),
    );
    expect(annotations).toHaveLength(30);
    expect(annotations.some(({ title }) => title === 'perpetual')).toBe(false);
  });
});
