import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/compile.ts';
import { perpetual } from '../support/cli.ts';
import { startPack } from '../support/pack.ts';
import { leastSpec, today } from '../support/specs.ts';

const open = readFileSync('test/fixtures/policies/nsg-open-admin-api/invalid.yaml', 'utf8').replace(/ #!.*/g, '');
const waiver = (expires: string, more: Record<string, string> = {}): string => {
  const parts = {
    policy: 'nsg-open-admin-api',
    reason: 'a trial of two weeks',
    owner: 'ada@example.org',
    expires,
    ...more,
  };
  return `{ ${Object.entries(parts)
    .map(([key, value]) => `${key}: ${value}`)
    .join(', ')} }`;
};
const withWaivers = (spec: string, ...waivers: string[]): string =>
  `${spec}policies: { waivers: [${waivers.join(', ')}] }\n`;

const diagnosticsOf = (text: string, day = today) => compile('x.yaml', text, { today: day }).diagnostics;
const waivedIn = (text: string, day = today) =>
  diagnosticsOf(text, day)
    .filter(({ code }) => code === 'nsg-open-admin-api')
    .map(({ waived }) => waived !== undefined);
const saidOfWaivers = (text: string, day = today) =>
  diagnosticsOf(text, day)
    .filter(({ path }) => path.startsWith('policies.waivers'))
    .map(({ code, severity, level, path, message }) => [code, severity, level, path, message]);

describe('a waiver', () => {
  it.each([
    ['2026-11-21', true],
    ['2026-11-22', true],
    ['2026-11-23', false],
  ])('that ends on 2026-11-22, judged as on %s, counts: %s', (day, counts) => {
    expect(waivedIn(withWaivers(open, waiver('2026-11-22')), day)).toEqual([counts, counts, counts]);
  });

  it.each([
    ['2024-02-29', '2024-02-29', true],
    ['2024-02-29', '2024-03-01', false],
    ['2026-12-31', '2027-01-01', false],
  ])('that ends on %s counts on %s: %s', (expires, day, counts) => {
    expect(waivedIn(withWaivers(open, waiver(expires)), day)[0]).toBe(counts);
  });

  it('covers one path when it names it, and what is below', () => {
    const text = withWaivers(open, waiver('2027-01-31', { path: 'network.expose.api' }));
    expect(waivedIn(text)).toEqual([true, true, false]);
    expect(saidOfWaivers(text)).toEqual([]);
  });

  it.each([
    ['owner', 'ada'],
    ['expires', '2027-02-30'],
    ['expires', 'soon'],
    ['reason', '""'],
    ['path', '7'],
  ])('with an unusable %s (%s) counts as expired', (key, value) => {
    const text = withWaivers(open, waiver('2027-01-31', { [key]: value }));
    expect(waivedIn(text)).toEqual([false, false, false]);
    expect(diagnosticsOf(text).some(({ path }) => path === `policies.waivers[0].${key}`)).toBe(true);
  });

  it('that has ended is a warning where its last day is written', () => {
    const text = withWaivers(open, waiver('2026-11-21'));
    expect(saidOfWaivers(text)).toEqual([
      [
        'waiver/expired',
        'warning',
        'advisory',
        'policies.waivers[0].expires',
        'the waiver of "nsg-open-admin-api" ended on 2026-11-21',
      ],
    ]);
    const [said] = diagnosticsOf(text).filter(({ code }) => code === 'waiver/expired');
    expect(text.slice(said?.labels[0].range.start, said?.labels[0].range.end)).toBe('2026-11-21');
  });

  it('that accepts nothing is a note', () => {
    const text = withWaivers(leastSpec, waiver('2027-01-31'));
    expect(saidOfWaivers(text)).toEqual([
      [
        'waiver/unused',
        'info',
        'advisory',
        'policies.waivers[0].policy',
        'there is nothing that the waiver of "nsg-open-admin-api" accepts',
      ],
    ]);
  });

  it('that seems to accept nothing is left in peace while errors hide what it may accept', () => {
    const broken = leastSpec.replace('region: eastus', 'region: [eastus]');
    expect(saidOfWaivers(withWaivers(broken, waiver('2027-01-31')))).toEqual([]);
  });

  it('of a violation that another one accepts as well is not unused', () => {
    expect(saidOfWaivers(withWaivers(open, waiver('2027-01-31'), waiver('2027-02-28')))).toEqual([]);
  });

  it('of what can not be waived is an error, and nothing else', () => {
    const text = withWaivers(leastSpec, waiver('2027-01-31', { policy: 'sku-below-system-minimum' }));
    expect(saidOfWaivers(text)).toEqual([
      ['spec/policy', 'error', undefined, 'policies.waivers[0].policy', '"sku-below-system-minimum" can\'t be waived'],
    ]);
  });

  it('stays in sight of the engine, as a note', async () => {
    const text = withWaivers(open, waiver('2027-01-31'));
    const pack = await startPack({ stack: 'fixture', specs: { fixture: text } });
    try {
      const violations = await pack.analyze(compile('x.yaml', text, { today }).plan?.resources ?? []);
      expect(violations.map(({ policy, level }) => [policy, level])).toEqual(Array(3).fill(['waived', 'advisory']));
      expect(violations[0]?.message).toMatch(/\nnsg-open-admin-api: /);
      expect(violations[0]?.message).toContain('waived until 2027-01-31 by ada@example.org: a trial of two weeks');
    } finally {
      pack.close();
    }
  });
});

describe('perpetual waivers', () => {
  const input = withWaivers(
    open,
    waiver('2027-01-31', { path: 'network.expose.api' }),
    waiver('2026-12-01', { policy: 'nsg-open-ssh', owner: 'bob@example.org' }),
    waiver('2026-11-20'),
    waiver('2027-01-31', { owner: 'nobody' }),
  );
  const run = (...args: string[]) => perpetual(['waivers', '-', ...args], { input });

  it('lists the debt, what ends first first', async () => {
    const { code, stdout, stderr } = await run();
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['SPEC', 'POLICY', 'PATH', 'OWNER', 'EXPIRES', 'USED', 'REASON'],
      [expect.stringMatching(/^<stdin>:\d+$/), 'unusable', 'it has errors and counts as expired'],
      [
        expect.anything(),
        'nsg-open-admin-api',
        'everywhere',
        'ada@example.org',
        '2026-11-20 (2 days ago)',
        'yes',
        'a trial of two weeks',
      ],
      [
        expect.anything(),
        'nsg-open-ssh',
        'everywhere',
        'bob@example.org',
        '2026-12-01 (in 9 days)',
        'unknown',
        'a trial of two weeks',
      ],
      [
        expect.anything(),
        'nsg-open-admin-api',
        'network.expose.api',
        'ada@example.org',
        '2027-01-31 (in 70 days)',
        'yes',
        'a trial of two weeks',
      ],
      [''],
    ]);
  });

  it('is the same for programs', async () => {
    const { stdout } = await run('--format', 'json');
    const { waivers, summary, asOf } = JSON.parse(stdout);
    expect([asOf, summary]).toEqual([today, { valid: 2, expired: 1, unusable: 1, unused: 0 }]);
    expect(waivers.at(-1)).toEqual({
      file: '<stdin>',
      environment: 'fixture',
      line: expect.any(Number),
      policy: 'nsg-open-admin-api',
      path: 'network.expose.api',
      owner: 'ada@example.org',
      reason: 'a trial of two weeks',
      expires: '2027-01-31',
      daysLeft: 70,
      state: 'valid',
      used: true,
    });
  });

  it.each([
    [['--expiring', '8d'], '2026-11-22', 7, '2 of 4 end within 8 days'],
    [['--expiring', '9'], '2026-11-22', 7, '3 of 4 end within 9 days'],
    [['--expiring', 'soon'], '2026-11-22', 2, '"soon" is not a number of days'],
    [[], '2027-06-01', 0, ''],
  ])('%j on %s exits with the right code', async (args, day, code, text) => {
    const outcome = await run(...args, '--as-of', day);
    expect(outcome.code).toBe(code);
    expect(outcome.stderr).toContain(text);
  });

  it('has nothing to be due where nothing is accepted', async () => {
    const outcome = await perpetual(['waivers', 'specs', '--expiring', '9999d']);
    expect(outcome).toEqual({ code: 0, stdout: 'no violation is accepted\n', stderr: '' });
  });

  it('decides nothing by itself: a check with an ended waiver warns, and its violation counts', async () => {
    const spec = withWaivers(open, waiver('2026-11-20'));
    const { code, stdout } = await perpetual(['check', '-', '--only', 'waiver/expired'], { input: spec });
    expect(code).toBe(5);
    expect(stdout).toContain('warning[waiver/expired]: the waiver of "nsg-open-admin-api" ended on 2026-11-20');
    const unused = withWaivers(leastSpec, waiver('2027-01-31'));
    expect((await perpetual(['check', '-', '--fail-on', 'warning'], { input: unused })).code).toBe(0);
  });
});
