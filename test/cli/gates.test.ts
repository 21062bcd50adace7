import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { perpetual } from '../support/cli.ts';
import { repository } from '../support/repository.ts';
import { folder, leastSpec, specIn } from '../support/specs.ts';

const file = 'specs/prod/perpetual-node.yaml';
const larger = (text: string): string =>
  text.replace('"1.35"', '"1.35"\n  nodePool: { vmSize: Standard_D2as_v5, count: 2 }');
// 95.31 USD a month, and 163.37 with a second node.
const budgeted = `${leastSpec}budget: { monthlyUsd: 500 }\n`;

type Finding = {
  code: string;
  severity: string;
  level?: string;
  message: string;
  help?: string;
  range: { start: { line: number } };
};

async function judge(root: string, args: readonly string[], input?: string) {
  const { code, stdout, stderr } = await perpetual([...args, '-f', 'json'], {
    cwd: root,
    ...(input !== undefined && { input }),
  });
  const findings = stdout === '' ? [] : (JSON.parse(stdout).findings as Finding[]);
  return { code, stderr, findings: findings.filter((finding) => finding.code.startsWith('cost/')) };
}

describe.each(['check', 'cost'])('%s --max-cost', (command) => {
  const root = folder(specIn('prod', budgeted));

  it('passes a bill up to it, and refuses one above it at the budget', async () => {
    expect(await judge(root, [command, '--max-cost', '95.31'])).toMatchObject({ code: 0, findings: [] });
    const { code, findings } = await judge(root, [command, '--max-cost', '95.30']);
    expect(code).toBe(5);
    expect(findings).toMatchObject([
      {
        code: 'cost/over-limit',
        severity: 'error',
        level: 'mandatory',
        message: 'the bill of 95.31 USD/month is above the 95.3 USD of --max-cost',
        help: 'the largest items: Nodes 62.78, Load balancer 18.25, OS disks 5.28',
        range: { start: { line: 13 } },
      },
    ]);
  });

  it('lands on the first key of a spec without a budget', async () => {
    const { code, findings } = await judge(root, [command, '-', '--max-cost', '1'], `# a comment\n${leastSpec}`);
    expect([code, findings[0]?.range.start.line]).toEqual([5, 2]);
  });

  it('leaves an error of the spec the graver one', async () => {
    expect((await judge(root, [command, '-', '--max-cost', '1'], `${leastSpec}foo: 1\n`)).code).toBe(1);
    expect((await judge(root, [command, '-', '--max-cost', '1'], 'x: [')).findings).toEqual([]);
  });

  it('compares what is priced, and says so', async () => {
    const text = leastSpec.replace('eastus', 'japaneast');
    const compared = (await judge(root, [command, '-', '--max-cost', '500'], text)).findings.find(
      ({ code }) => code === 'cost/partly-compared',
    );
    expect(compared).toMatchObject({
      severity: 'info',
      message: expect.stringMatching(
        /^the bill of [\d.]+ USD\/month is compared with --max-cost without what has no price/,
      ),
    });
    const { code, findings } = await judge(root, [command, '-', '--max-cost', '5'], text);
    expect(code).toBe(5);
    expect(findings.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/, without what has no price, is above the 5 USD/),
    );
  });
});

describe.each(['check', 'cost'])('%s --max-increase', (command) => {
  const against = (limit: string, ref = 'main') => [command, '--max-increase', limit, '--against', ref];

  it('passes what rises by no more, in USD or percent', async () => {
    const root = repository(specIn('prod', budgeted), specIn('prod', larger(budgeted)));
    expect(await judge(root, against('68.06'))).toMatchObject({ code: 0, findings: [] });
    expect(await judge(root, against('72%'))).toMatchObject({ code: 0, findings: [] });
  });

  it('refuses more, at the line that costs most', async () => {
    const root = repository(specIn('prod', budgeted), specIn('prod', larger(budgeted)));
    const { code, findings } = await judge(root, against('68.05'));
    expect(code).toBe(5);
    expect(findings).toMatchObject([
      {
        code: 'cost/over-increase',
        severity: 'error',
        level: 'mandatory',
        message: 'the bill rises by 68.06, from 95.31 to 163.37 USD/month; --max-increase allows 68.05 USD',
        help: 'the largest increases: Nodes 62.78, OS disks 5.28',
        range: { start: { line: 11 } },
      },
    ]);
    const percent = (await judge(root, against('10%'))).findings[0]?.message;
    expect(percent).toBe(
      'the bill rises by 68.06, from 95.31 to 163.37 USD/month; --max-increase allows 10 percent, 9.53 USD',
    );
  });

  it('passes a bill that falls, whatever rises in it', async () => {
    const root = repository(specIn('prod', larger(budgeted)), specIn('prod', budgeted));
    expect(await judge(root, against('0'))).toMatchObject({ code: 0, findings: [] });
  });

  it('counts a new file from nothing', async () => {
    const root = repository({ 'README.md': 'x' }, specIn('prod', budgeted));
    expect(await judge(root, against('95.31'))).toMatchObject({ code: 0, findings: [] });
    const { code, findings } = await judge(root, against('50'));
    expect(code).toBe(5);
    expect(findings[0]?.message).toBe(
      'the bill rises by 95.31, from nothing, as "main" has no such file, to 95.31 USD/month; --max-increase allows 50 USD',
    );
    // Also for a text whose folder is not there yet.
    const piped = [command, '-', '--stdin-filename', 'specs/new/perpetual-node.yaml', ...against('50').slice(1)];
    expect((await judge(root, piped, budgeted)).findings).toMatchObject([{ code: 'cost/over-increase' }]);
  });

  it("does not pass what it can't compare", async () => {
    const broken = budgeted.replace('eastus', '"eastus');
    const root = repository(specIn('prod', broken), specIn('prod', budgeted));
    const { code, findings } = await judge(root, against('500'));
    expect(code).toBe(command === 'check' ? 1 : 5);
    expect(findings).toMatchObject([
      {
        code: 'cost/no-base',
        level: 'mandatory',
        message: 'the bill can\'t be compared: at "main" this file has errors',
      },
    ]);
  });

  it('compares with a commit that was judged wrong, as long as its bill is whole', async () => {
    const old = budgeted.replace('"1.35"', '"1.30"');
    const root = repository(specIn('prod', old), specIn('prod', budgeted));
    // What it does to the cluster is another matter, which a check looks at as well.
    expect(await judge(root, against('0'))).toMatchObject({ code: command === 'check' ? 1 : 0, findings: [] });
  });

  it('compares what is priced, and says so', async () => {
    const root = repository(specIn('prod', leastSpec.replace('eastus', 'japaneast')), specIn('prod'));
    const { findings } = await judge(root, against('500'));
    expect(findings).toMatchObject([
      {
        code: 'cost/partly-compared',
        severity: 'info',
        message: expect.stringContaining(', without what has no price'),
      },
    ]);
  });

  it('says in a line why it has nothing to compare with', async () => {
    const root = repository(specIn('prod'), {});
    const reason = async (cwd: string, args: readonly string[], input?: string) => {
      const { code, stderr } = await judge(cwd, args, input);
      expect(code).toBe(2);
      expect(stderr).toMatch(/^perpetual: .+\n$/);
      return stderr;
    };
    expect(await reason(root, against('5', 'nowhere'))).toContain('git knows no commit "nowhere"');
    expect(await reason(root, against('5', 'main:specs'))).toContain('git knows no commit "main:specs"');
    expect(await reason(root, [command, '--max-increase', '5', '--against=--output=stolen'])).toContain(
      'git knows no commit "--output=stolen"',
    );
    expect(await reason(folder(specIn('prod')), against('5'))).toContain('git says "not a git repository');
    expect(await reason(root, [command, '-', ...against('5').slice(1)], leastSpec)).toContain('"--stdin-filename"');
    const { stderr } = await perpetual(against('5'), { cwd: root, env: { PATH: '/nowhere' } });
    expect(stderr).toBe('perpetual: there is no git on PATH\n');
  });

  it('finds the file from any folder', async () => {
    const root = repository(specIn('prod', budgeted), specIn('prod', larger(budgeted)));
    for (const [cwd, spec] of [
      [join(root, 'specs'), 'prod'],
      [join(root, 'specs', 'prod'), 'perpetual-node.yaml'],
      ['/', join(root, file)],
    ] as const)
      expect((await judge(cwd, [command, spec, ...against('5').slice(1)])).findings, spec).toMatchObject([
        { code: 'cost/over-increase' },
      ]);
  });
});

describe('check --against', () => {
  const edit = async (from: string, to: string, ...more: string[]) => {
    const spec = `${leastSpec}storage: { data: { sizeGiB: 8 }, logs: {} }\n`;
    const root = repository(specIn('prod', spec), specIn('prod', spec.replace(from, to)));
    const { code, stdout } = await perpetual(['check', '--against', 'main', '-f', 'json', ...more], { cwd: root });
    const findings = JSON.parse(stdout).findings as Finding[];
    return { code, found: findings.flatMap((each) => (each.code.startsWith('plan/') ? [each] : [])) };
  };

  it('refuses what can never change, at the very value', async () => {
    const { code, found } = await edit('sizeGiB: 8', 'sizeGiB: 4');
    expect(code).toBe(1);
    expect(found.map(({ message, range }) => [message, range.start.line])).toEqual([
      ['"data-disk" can\'t shrink from 8 to 4', 13],
    ]);
  });

  it('refuses what loses something, unless it is allowed by name', async () => {
    const { code, found } = await edit(', logs: {}', '');
    expect([code, ...found.map(({ message }) => message)]).toEqual([1, 'the edit deletes "log-storage"']);
    expect((await edit(', logs: {}', '', '--allow', 'log-storage')).code).toBe(0);
  });

  it("does not pass what it can't compare", async () => {
    const { code, found } = await edit('sizeGiB: 8', 'sizeGiB: eight');
    expect(code).toBe(1);
    expect(found).toEqual([]);
    const root = repository(
      specIn('prod', leastSpec.replace('region: eastus', 'region: 5')),
      specIn('prod', leastSpec),
    );
    const checked = await perpetual(['check', '--against', 'main', '-f', 'json'], { cwd: root });
    expect(JSON.parse(checked.stdout).findings.map((each: Finding) => each.code)).toEqual(['plan/no-base']);
  });

  it('lets through what loses nothing', async () => {
    expect(await edit('sizeGiB: 8', 'sizeGiB: 16')).toEqual({ code: 0, found: [] });
  });
});
