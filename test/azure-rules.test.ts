import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { azureRulesPage, readAzureRules } from '../scripts/azure-rules.ts';
import { explain } from '../src/explain/explain.ts';

const table = readAzureRules();
const rules = Object.entries(table.rules).map(([number, rule]) => ({ number: Number(number), ...rule }));

describe("the table of Azure's rules", () => {
  it('has every rule once, in order', () => {
    // The parser refuses a number that is there twice.
    expect(rules.map(({ number }) => number)).toEqual(Array.from({ length: 235 }, (_, index) => index + 1));
  });

  it('says of each what it is and what becomes of it', () => {
    for (const { number, rule, kind, sure, by, counted, check, asked, online, not, source } of rules) {
      expect(rule, `${number}`).toMatch(/^.{15,160}[^.]$/);
      expect(kind, `${number}`).toMatch(
        /^(BLOCK|RETIRED|INSECURE|COST|PRACTICE|data loss)(\/(?!\1)(BLOCK|RETIRED|INSECURE|COST|PRACTICE|data loss))?$/,
      );
      expect(sure, `${number}`).toMatch(/^(read|seen|derived|known)(, (read|seen|derived|known))?$/);
      expect(
        [by, counted, check, asked, online, not].some((each) => each !== undefined),
        `${number}`,
      ).toBe(true);
      expect(Object.keys(table.sources), `${number}`).toContain(source.split(':')[0]);
    }
  });

  it('names codes that are explained', () => {
    for (const { number, check = [], asked = [] } of rules)
      for (const code of [...check, ...asked]) expect(explain(code)?.name, `${number}`).toBe(code);
  });

  it('names tests that are there', () => {
    const texts = new Map<string, string>();
    for (const test of Object.values(table.tests)) {
      const [[file = '', title = '']] = Object.entries(test) as [[string, string]];
      if (!texts.has(file)) texts.set(file, readFileSync(file, 'utf8'));
      const quoted = [`'${title.replaceAll("'", "\\'")}'`, `"${title}"`];
      expect(
        quoted.some((each) => texts.get(file)?.includes(each)),
        `${file}: ${title}`,
      ).toBe(true);
    }
    const named = new Set(rules.flatMap(({ by = [], counted = [] }) => [...by, ...counted]));
    expect([...named].sort()).toEqual(Object.keys(table.tests).sort());
  });

  it('uses every source it has', () => {
    expect([...new Set(rules.map(({ source }) => source.split(':')[0]))].sort()).toEqual(
      Object.keys(table.sources).sort(),
    );
  });

  it('is shown on its page as it is', () => {
    expect(readFileSync('docs/azure-rules.md', 'utf8')).toBe(azureRulesPage(table));
  });
});
