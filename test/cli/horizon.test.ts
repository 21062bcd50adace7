import { describe, expect, it } from 'vitest';
import { compile } from '../../src/compile.ts';
import { comingDates, daysAfter, monthsAfter } from '../../src/horizon/coming.ts';
import { perpetual } from '../support/cli.ts';
import { folder, leastSpec, specIn, today } from '../support/specs.ts';

const due = `${leastSpec.replace('"1.35"', '"1.34"\n  nodePool: { vmSize: Standard_D2s_v3 }')}secrets:
  items:
    - { name: old, from: env:A, expires: 2027-03-01 }
    - { name: new, from: env:B, expires: 2028-03-01 }
network: { expose: { gateway: { from: [internet] } } }
policies:
  waivers:
    - { policy: nsg-open-gateway, reason: a trial, owner: ada@example.org, expires: 2027-01-31 }
`;

describe('what comes due', () => {
  const on = (day: string) => compile('x.yaml', due, { today: day });

  it('is found on the very days on which a check finds something else', () => {
    const until = monthsAfter(today, 13);
    const known = new Map<string, string>();
    const daily: string[] = [];
    for (let day = today; day <= until; day = daysAfter(day, 1) as string) {
      const found = new Set(
        on(day).diagnostics.map(
          ({ code, path, severity, waived }) => `${code} ${path} ${severity} ${waived !== undefined}`,
        ),
      );
      for (const key of found) if (!known.has(key) && day !== today) daily.push(`${day} ${key}`);
      known.clear();
      for (const key of found) known.set(key, day);
    }
    const coming = comingDates(on, today, until).map(
      ({ date, diagnostic: { code, path, severity, waived } }) =>
        `${date} ${code} ${path} ${severity} ${waived !== undefined}`,
    );
    expect(coming.sort()).toEqual(daily.sort());
    expect(coming.length).toBeGreaterThan(5);
  });

  it('counts months as the calendar does', () => {
    expect([monthsAfter('2027-01-31', 1), monthsAfter('2028-01-31', 1), monthsAfter('2026-11-22', 14)]).toEqual([
      '2027-02-28',
      '2028-02-29',
      '2028-01-22',
    ]);
  });
});

describe('perpetual compile --horizon', () => {
  const cwd = folder({ ...specIn('prod', due), ...specIn('quiet', leastSpec) });
  const run = (...args: string[]) => perpetual(['compile', ...args], { cwd });

  it('lists the dates with their lines, earliest first, and never fails', async () => {
    const { code, stdout } = await run('--horizon', '4m', '-e', 'prod');
    expect(code).toBe(0);
    expect(stdout.split('\n').map((line) => line.split(/\s{2,}/).slice(0, 4))).toEqual([
      ['DATE', 'BECOMES', 'CODE', 'SPEC'],
      ['2026-11-29', 'info', 'catalog/api-version-ending', 'specs/prod/perpetual-node.yaml:14:1'],
      ['2026-12-01', 'error', 'kubernetes-version-unsupported', 'specs/prod/perpetual-node.yaml:10:22'],
      ['2027-02-01', 'error', 'nsg-open-gateway', 'specs/prod/perpetual-node.yaml:18:40'],
      ['2027-02-01', 'warning', 'waiver/expired', 'specs/prod/perpetual-node.yaml:21:85'],
      ['2027-02-27', 'error', 'api-version-retired', 'specs/prod/perpetual-node.yaml:15:3'],
      ['2027-03-01', 'info', 'plan/secret-expired', 'specs/prod/perpetual-node.yaml:16:42'],
      [''],
    ]);
  });

  it('has the same for programs and for a pull request', async () => {
    const { stdout } = await run('--horizon', '2026-12-31', '-f', 'json', '-e', 'prod');
    const { asOf, until, dates } = JSON.parse(stdout);
    expect([asOf, until]).toEqual([today, '2026-12-31']);
    expect(dates[1]).toEqual({
      date: '2026-12-01',
      code: 'kubernetes-version-unsupported',
      severity: 'error',
      level: 'mandatory',
      message: 'AKS offers Kubernetes 1.34 only with long-term support, tier Premium',
      file: 'specs/prod/perpetual-node.yaml',
      environment: 'prod',
      range: { start: { line: 10, column: 22 }, end: { line: 10, column: 28 } },
      path: 'cluster.kubernetesVersion',
    });
    const page = await run('--horizon', '2026-12-31', '-f', 'markdown', '-e', 'prod');
    expect(page.stdout).toContain('| 2026-12-01 | error | `kubernetes-version-unsupported` | specs/prod/');
  });

  it('says when there is nothing', async () => {
    expect((await run('--horizon', '30d', '-e', 'quiet')).stdout).toBe('nothing comes due until 2026-12-22\n');
  });

  it.each([
    [['--horizon', 'soon'], 2, '"soon" is not a horizon; expected one such as 12m, 90d or 2y, or a day YYYY-MM-DD'],
    [['--horizon', '2027-02-30'], 2, '"2027-02-30" is not a horizon'],
    [['--horizon', '2026-11-22'], 2, '"2026-11-22" does not lie after 2026-11-22'],
    [
      ['--horizon', '1y', '--fail-on', 'never'],
      2,
      '"--horizon" shows days to come, and "--fail-on" does nothing with it',
    ],
    [['--horizon', '1y', '-e', 'nowhere'], 6, 'there is no environment "nowhere"; known: prod, quiet'],
  ])('%j ends with %i', async (args, code, message) => {
    const result = await run(...args);
    expect(result.code).toBe(code);
    expect(result.stderr).toContain(message);
  });
});
