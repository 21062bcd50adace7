import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { progressOn } from '../../src/commands/progress.ts';
import { compile } from '../../src/index.ts';
import { perpetual } from '../support/cli.ts';
import { type Fault, type PriceList, priceList, row, send } from '../support/price-list.ts';
import { git } from '../support/repository.ts';
import { leastSpec, today } from '../support/specs.ts';

let root = '';
let cache = '';
let list: PriceList | undefined;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'perpetual-catalog-'));
  cache = join(root, 'cache');
  mkdirSync(join(root, 'specs/prod'), { recursive: true });
  writeFileSync(join(root, 'specs/prod/perpetual-node.yaml'), leastSpec);
  writeFileSync(join(root, 'Pulumi.yaml'), 'name: perpetual\nruntime: nodejs\n');
});
afterEach(() => list?.close());

const disk = (retailPrice: number) => ({
  ...row({
    productName: 'Premium SSD Managed Disks',
    skuName: 'P4 LRS',
    meterName: 'P4 LRS Disk',
    unitOfMeasure: '1/Month',
    armSkuName: '',
    retailPrice,
  }),
  serviceName: 'Storage',
});
const serve = async (hourly: number, options: { faults?: (Fault | undefined)[] } = {}): Promise<void> => {
  list?.close();
  list = await priceList([row({ retailPrice: hourly }), disk(5.2795)], options);
};
const environment = (env: Record<string, string> = {}) => ({
  PERPETUAL_CACHE: cache,
  PERPETUAL_FROZEN: '',
  PERPETUAL_PRICES_URL: list?.url ?? 'http://127.0.0.1:1',
  ...env,
});
const run = (args: readonly string[], env?: Record<string, string>) =>
  perpetual(args, { cwd: root, env: environment(env) });
const json = async (...args: string[]) => JSON.parse((await run([...args, '--format', 'json'])).stdout);
const copy = (): string => readFileSync(join(cache, 'catalog.json'), 'utf8');
const lockFile = (): string => join(root, 'perpetual.lock.json');
/** The hourly price of the nodes, the day of the catalog, and the findings about the lock. */
const judged = async (...args: string[]) => {
  const { specs, tool, findings } = await json('check', ...args);
  const nodes = specs[0].bill.items.find(({ name }: { name: string }) => name === 'Nodes');
  const codes = findings
    .filter(({ code }: { code: string }) => code.startsWith('catalog/lock'))
    .map(({ code, severity, file, range }: Record<string, never>) => [
      code,
      severity,
      file,
      (range as unknown as { start: { line: number } }).start.line,
    ]);
  return [nodes.unitPriceUsd, tool.catalog, ...codes];
};
const laterDay = ['--as-of', '2026-11-25'];

describe('catalog update', () => {
  it('fetches the regions of the specs, shows what changed, and changes the bill', async () => {
    expect(await judged()).toEqual([0.086, '2026-11-22']);
    await serve(0.1);
    const { code, stdout, stderr } = await run(['catalog', 'update', ...laterDay]);
    expect(code, stderr).toBe(0);
    expect(stdout.replace(/\d+ stay/, 'N stay')).toBe(
      [
        'eastus Standard_D2as_v5  0.086 -> 0.1 USD per hour  +16.28%',
        '',
        '2 prices fetched: 1 changed, 0 new; N stay as they were',
        `kept in ${join(cache, 'catalog.json')}`,
        '',
      ].join('\n'),
    );
    expect(stderr.split('\n')[0]).toBe('perpetual: 1 of 14: Virtual Machines, eastus');
    expect(await judged()).toEqual([0.1, '2026-11-25']);
    expect(await judged('--frozen')).toEqual([0.086, '2026-11-22']);
    expect((await run(['check', '--quiet'], { PERPETUAL_FROZEN: '1' })).code).toBe(0);
  });

  it('judges an edit by the same prices on both sides, and looks for savings by them', async () => {
    await serve(0.05);
    await run(['catalog', 'update', ...laterDay]);
    git(root, 'init', '--quiet');
    git(root, 'add', '.');
    git(root, 'commit', '--quiet', '--message=first');
    const rises = ['check', '--max-increase', '0', '--against', 'HEAD', '--quiet'];
    expect(await run(rises)).toMatchObject({ code: 0, stdout: '' });
    expect(await run([...rises, '--frozen'])).toMatchObject({ code: 0, stdout: '' });
    expect((await json('cost', '--fit', '80')).currentUsd).toBe(69.03);
    expect((await json('cost', '--fit', '80', '--frozen')).currentUsd).toBe(95.31);
  });

  it('is, for programs, one document', async () => {
    await serve(0.1);
    const before = await json('catalog', 'update', '--dry-run', ...laterDay);
    expect(before).toMatchObject({
      formatVersion: 1,
      tool: { version: expect.any(String), catalog: '2026-11-22' },
      asOf: '2026-11-25',
      regions: ['eastus'],
      file: null,
      lock: null,
      changes: [
        { meter: 'Standard_D2as_v5', place: 'eastus', per: 'hour', fromUsd: 0.086, toUsd: 0.1, percent: 16.28 },
      ],
      summary: { prices: 2, changed: 1, added: 0 },
    });
    expect(before.leftAlone).toHaveLength(before.summary.leftAlone);
    expect(before.leftAlone).toContainEqual({
      meter: 'aks.Premium',
      place: 'any',
      why: 'the price list does not have it',
    });
    expect(readdirSync(root)).not.toContain('cache');
    expect((await json('catalog', 'update', ...laterDay)).tool.catalog).toBe('2026-11-25');
    expect((await json('catalog', 'update', ...laterDay)).changes).toEqual([]);
  });

  it('keeps the regions of other runs', async () => {
    await serve(0.1);
    await run(['catalog', 'update', ...laterDay]);
    list?.close();
    list = await priceList([row({ armRegionName: 'westus2', retailPrice: 0.2 })]);
    expect((await run(['catalog', 'update', '--region', 'West US 2', '--as-of', '2026-11-26'])).code).toBe(0);
    const { places } = JSON.parse(copy());
    expect(places.eastus).toMatchObject({ asOf: '2026-11-25', vm: { Standard_D2as_v5: { payAsYouGo: 0.1 } } });
    expect(places.westus2).toMatchObject({ asOf: '2026-11-26', vm: { Standard_D2as_v5: { payAsYouGo: 0.2 } } });
  });

  it('leaves the old copy in force when anything fails', async () => {
    await serve(0.1);
    await run(['catalog', 'update', ...laterDay]);
    const old = copy();
    const late = (fault: Fault) => [...Array.from({ length: 9 }, () => undefined), fault];
    for (const fault of [
      (response) => send(response, 400, '{}'),
      (response) => send(response, 200, '<html>', { 'content-type': 'text/html' }),
      (response) => send(response, 200, '{"Items":[{}]}'),
      (response) => send(response, 429, '{}', { 'retry-after': '86400' }),
    ] satisfies Fault[]) {
      await serve(0.2, { faults: late(fault) });
      const { code, stdout, stderr } = await run(['catalog', 'update']);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(/\nperpetual: can't fetch prices from 127\.0\.0\.1:\d+: [^\n]+\n$/);
      expect(copy()).toBe(old);
    }
    await serve(0.2, { faults: [(response) => send(response, 429, '{}', { 'retry-after': '0' })] });
    expect((await run(['catalog', 'update'])).code).toBe(0);
  });

  it('keeps nothing of what it can not write whole', async () => {
    await serve(0.1);
    mkdirSync(join(cache, 'catalog.json', 'in the way'), { recursive: true });
    const { code, stderr } = await run(['catalog', 'update']);
    expect([code, stderr.split('\n').at(-2)]).toEqual([
      2,
      `perpetual: can't write "${join(cache, 'catalog.json')}": something else of that name is in the way`,
    ]);
    expect(readdirSync(cache)).toEqual(['catalog.json']);
  });

  it.skipIf(process.platform === 'win32')('is cancelled without a trace', async () => {
    await serve(0.1);
    await run(['catalog', 'update', ...laterDay]);
    const old = copy();
    const { FORCE_COLOR: _, NODE_OPTIONS: __, ...env } = process.env;
    let child: ReturnType<typeof spawn> | undefined;
    await serve(0.2, { faults: [undefined, () => void child?.kill('SIGINT')] });
    child = spawn(process.execPath, [join(process.cwd(), 'bin/perpetual.js'), 'catalog', 'update'], {
      cwd: root,
      env: { ...env, ...environment() },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const closed = new Promise<number | null>((resolve) => child?.on('close', resolve));
    const stderr = await text(child.stderr as NodeJS.ReadableStream);
    expect(await closed, stderr).toBe(8);
    expect(stderr).toMatch(/\nperpetual: cancelled; the catalog is as it was\n$/);
    expect(copy()).toBe(old);
  });

  it.each([
    ['a region that is none', ['--region', 'eastsu'], {}, 'there is no region "eastsu"; did you mean "eastus"?'],
    [
      'an address that is none',
      [],
      { PERPETUAL_PRICES_URL: 'prices' },
      'PERPETUAL_PRICES_URL is no address of a price list, as in https://prices.example.org/api',
    ],
    ['no network', [], {}, "can't fetch prices from 127.0.0.1:1: there is no answer (bad port)"],
    [
      'no home',
      [],
      { PERPETUAL_CACHE: '', HOME: 'nowhere', XDG_CACHE_HOME: '' },
      'there is no home folder to keep the copy in: name one in PERPETUAL_CACHE',
    ],
  ])('refuses %s', async (_, args, env, message) => {
    list = undefined;
    const { code, stderr } = await run(['catalog', 'update', ...args], env);
    expect([code, stderr.split('\n').at(-2)]).toEqual([2, `perpetual: ${message}`]);
  });

  it('asks for a region where no spec has one', async () => {
    writeFileSync(join(root, 'specs/prod/perpetual-node.yaml'), '[]');
    expect(await run(['catalog', 'update'])).toMatchObject({
      code: 2,
      stderr: 'perpetual: there is no spec with a region below specs/: name one with --region\n',
    });
  });

  it('shows a bar where somebody looks, and lines elsewhere', async () => {
    const terminal = Object.assign(new PassThrough(), { isTTY: true });
    const bar = await progressOn(terminal);
    bar.tell(0, 2, 'Storage, eastus');
    bar.tell(1, 2, 'Bandwidth, eastus');
    bar.stop();
    expect(String(terminal.read())).toContain('0 of 2  Storage, eastus');
    const file = new PassThrough();
    const lines = await progressOn(file);
    lines.tell(0, 1, 'Storage, eastus');
    lines.tell(1, 1, 'done');
    lines.stop();
    expect(String(file.read())).toBe('perpetual: 1 of 1: Storage, eastus\n');
  });
});

describe('a lock', () => {
  it('keeps a check as it is when somebody fetches prices', async () => {
    expect(await run(['catalog', 'lock'])).toMatchObject({
      code: 0,
      stdout: 'perpetual.lock.json pins the shipped catalog, 2026-11-22\n',
    });
    await serve(0.1);
    expect((await run(['catalog', 'update', ...laterDay])).stderr).toContain(
      'these prices do not count here yet: "perpetual catalog show" says why',
    );
    expect(await judged()).toEqual([0.086, '2026-11-22']);
    expect((await run(['catalog', 'lock'])).stdout).toBe(
      'perpetual.lock.json pins the shipped catalog and the copy of the price list, 2026-11-25\n',
    );
    expect(await judged()).toEqual([0.1, '2026-11-25']);
    expect(JSON.parse(readFileSync(lockFile(), 'utf8'))).toEqual({
      formatVersion: 1,
      catalog: {
        date: '2026-11-25',
        sha256: { shipped: expect.stringMatching(/^[0-9a-f]{64}$/), copy: expect.stringMatching(/^[0-9a-f]{64}$/) },
      },
    });
    expect((await run(['catalog', 'lock', '--frozen'])).stdout).toContain('pins the shipped catalog, 2026-11-22');
    expect(await judged()).toEqual([0.086, '2026-11-22']);
  });

  it('that names another copy has the shipped figures used, and says so', async () => {
    await serve(0.1);
    expect((await run(['catalog', 'update', '--lock', ...laterDay])).stdout).toContain(
      'pinned by perpetual.lock.json\n',
    );
    expect(await judged()).toEqual([0.1, '2026-11-25']);
    await serve(0.2);
    await run(['catalog', 'update', '--as-of', '2026-11-26']);
    const fallback = [0.086, '2026-11-22', ['catalog/lock-copy', 'info', 'perpetual.lock.json', 7]];
    expect(await judged()).toEqual(fallback);
    expect(await judged('--frozen')).toEqual(fallback);
    writeFileSync(join(cache, 'catalog.json'), '{}');
    expect(await judged()).toEqual(fallback);
  });

  it.each([
    [
      'of other facts',
      (lock: string) => lock.replace(/"shipped": "../, '"shipped": "xx'),
      6,
      'the catalog of 2026-11-22 is pinned, and this perpetual has another',
    ],
    ['cut off', (lock: string) => lock.slice(0, 40), 1, 'this is no lock of the catalog'],
    [
      'of a later version',
      (lock: string) => lock.replace('"formatVersion": 1', '"formatVersion": 2'),
      1,
      'this is no lock of the catalog',
    ],
  ])('%s is an error at its line', async (_, edit, line, message) => {
    await run(['catalog', 'lock']);
    writeFileSync(lockFile(), edit(readFileSync(lockFile(), 'utf8')));
    const { code, stdout } = await run(['check', '--quiet']);
    expect(code).toBe(1);
    expect(stdout).toContain(`error[catalog/lock-mismatch]: ${message}\n --> perpetual.lock.json:${line}:`);
    expect(stdout).toContain('"perpetual catalog lock"');
    const lock = { file: 'perpetual.lock.json', text: readFileSync(lockFile(), 'utf8') };
    expect(compile('perpetual-node.yaml', leastSpec, { today, lock })).toMatchObject({
      ok: false,
      catalog: '2026-11-22',
      diagnostics: [{ code: 'catalog/lock-mismatch', labels: [{ file: 'perpetual.lock.json' }] }],
    });
  });

  it('counts for the specs below it', async () => {
    await serve(0.1);
    await run(['catalog', 'update', ...laterDay]);
    await run(['catalog', 'lock', '--frozen']);
    mkdirSync(join(root, 'specs/dev'));
    writeFileSync(
      join(root, 'specs/dev/perpetual-node.yaml'),
      leastSpec.replace('environment: prod', 'environment: dev'),
    );
    writeFileSync(join(root, 'specs/dev/perpetual.lock.json'), '{}');
    const { specs, findings } = await json('check');
    type Item = { name: string; unitPriceUsd: number };
    const hourly = ({ bill }: { bill: { items: Item[] } }) =>
      bill.items.find(({ name }) => name === 'Nodes')?.unitPriceUsd;
    expect(specs.map(hourly)).toEqual([0.086, 0.086]);
    expect(findings.map(({ file }: { file: string }) => file)).toEqual(['specs/dev/perpetual.lock.json']);
  });

  it('can not pin a copy that is of no use', async () => {
    mkdirSync(cache);
    writeFileSync(join(cache, 'catalog.json'), '{');
    const warning = `perpetual: the copy of the price list "${join(cache, 'catalog.json')}" is not used: it is not JSON; "perpetual catalog update" makes it anew\n`;
    expect(await run(['check', '--quiet'])).toEqual({ code: 0, stdout: '', stderr: warning });
    expect(await run(['catalog', 'lock'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("can't be pinned: it is not JSON"),
    });
    expect((await run(['catalog', 'lock', '--frozen'])).code).toBe(0);
  });
});

describe('catalog show', () => {
  it('says what counts, of which day, and what pins it', async () => {
    expect((await run(['catalog', 'show'])).stdout).toMatch(
      /^in force {2}2026-11-22, the shipped catalog\nshipped {3}2026-11-22, with perpetual [\d.]+\nlock {6}none\n$/,
    );
    await serve(0.1);
    await run(['catalog', 'update', ...laterDay]);
    const shown = (await run(['catalog', 'show'])).stdout.split('\n');
    expect(shown[0]).toBe('in force  2026-11-25, the copy before the shipped catalog');
    expect(shown[2]).toBe(`copy      ${join(cache, 'catalog.json')}, from ${list?.url}`);
    expect(shown[3]).toBe('          2026-11-25  2 prices of eastus');
    await run(['catalog', 'lock', '--frozen']);
    expect(await json('catalog', 'show')).toMatchObject({
      formatVersion: 1,
      tool: { catalog: '2026-11-22' },
      catalog: {
        inForce: 'shipped',
        date: '2026-11-22',
        copy: { places: expect.arrayContaining([{ place: 'eastus', asOf: '2026-11-25', prices: 2 }]) },
        lock: { file: 'perpetual.lock.json', holds: true },
        problems: [],
      },
    });
  });
});

describe('commands of two words', () => {
  it.each([
    [['catalog'], '"catalog" says nothing alone; expected one of catalog show, catalog update, catalog lock'],
    [
      ['catalog', 'updat'],
      'there is no command "catalog updat"; did you mean "catalog update"? ("perpetual --help" lists them)',
    ],
    [['catalog', 'show', 'now'], '"catalog show" takes no argument such as "now"'],
    [['catalog', 'lock', '--dry-run'], '"catalog lock" has no option "--dry-run"'],
  ])('%s', async (args, message) => {
    expect(await run(args)).toEqual({ code: 2, stdout: '', stderr: `perpetual: ${message}\n` });
  });

  it('have a manual each', async () => {
    expect((await run(['catalog', 'update', '--help'])).stdout).toContain('perpetual catalog update');
    expect((await run(['catalog', '--help'])).stdout).toContain('perpetual catalog lock');
  });
});
