import { describe, expect, it } from 'vitest';
import { pretty } from '../../src/report/pretty.ts';
import { reportOf } from '../support/report.ts';
import { leastSpec } from '../support/specs.ts';

const flow = leastSpec.replace(
  /azure:\n {2}(.*)\n {2}(.*)\n/,
  (_, first, second) => `azure: { ${first}, ${second} }\n`,
);

async function shown(text: string, width?: number): Promise<string[]> {
  const report = reportOf({ 'specs/prod/perpetual-node.yaml': text });
  return (await pretty(report, { color: false, quiet: true, ...(width && { width }) })).split('\n');
}

describe('a long line', () => {
  const text = flow
    .replace('region: eastus', `region: eastsu, zzz: ${'z'.repeat(300)}`)
    .replace('subscription', `note: ${'n'.repeat(200)}, subscription`);

  it.each([40, 60, 80, 120, 400])('is shown around what is marked in %i columns', async (width) => {
    const lines = await shown(text, width);
    const marks = lines.flatMap((line, index) =>
      /^ *\| +\^+/.test(line) ? [[lines[index - 1] as string, line] as const] : [],
    );
    expect(marks.length).toBeGreaterThan(1);
    for (const [source, mark] of marks) {
      expect(source.length).toBeLessThanOrEqual(width);
      const start = mark.indexOf('^');
      expect(['note', 'eastsu', 'zzz']).toContain(source.slice(start, start + (mark.match(/\^+/)?.[0].length ?? 0)));
    }
  });

  it('is shown whole where nothing limits it', async () => {
    expect((await shown(text)).some((line) => line.includes('z'.repeat(300)))).toBe(true);
  });
});

describe('wide characters', () => {
  it('leave the mark below what it marks', async () => {
    const lines = await shown(leastSpec.replace('name: perpetual', 'name: perpetual\n  tags: { "日本語🚀": 42 }'));
    const at = lines.findIndex((line) => line.includes('日本語'));
    // Three of them take one code unit and two columns each; the rocket takes two of both.
    expect((lines[at + 1] as string).indexOf('^')).toBe((lines[at] as string).indexOf('42') + 3);
  });
});
