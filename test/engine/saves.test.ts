import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { folderOf } from '../../src/engine/backend.ts';
import { EngineError, type Runner } from '../../src/engine/command.ts';
import { isSettled, type Saves, savesOf, sparing } from '../../src/engine/saves.ts';

let root: string;
let saves: Saves;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'perpetual-saves-'));
  saves = savesOf(root, 'perpetual', 'dev');
});
afterEach(() => rmSync(root, { recursive: true }));

const stacks = '.pulumi/stacks/perpetual';
const lock = '.pulumi/locks/organization/perpetual/dev/a.json';
const history = '.pulumi/history/perpetual/dev';

/** Files with their text, as young as told. */
function lay(files: Record<string, string>, seconds = 0): void {
  for (const [path, text] of Object.entries(files)) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    utimesSync(file, seconds, seconds);
  }
}
const whole = (text: string): string => JSON.stringify({ checkpoint: text });
const cut = whole('cut off').slice(0, 9);
const stackFiles = () => readdirSync(join(root, stacks)).sort();
const state = () => readFileSync(join(root, stacks, 'dev.json'), 'utf8');

describe('a state that is cut off', () => {
  it.each<[string, [string, string][], string | undefined]>([
    [
      'the newest whole save',
      [
        ['1', whole('old')],
        ['2', whole('new')],
        ['3', cut],
        ['bak', cut],
      ],
      'new',
    ],
    [
      'the copy of the engine, where it is newer',
      [
        ['1', whole('old')],
        ['bak', whole('by hand')],
      ],
      'by hand',
    ],
    ['the copy of the engine alone', [['bak', whole('before')]], 'before'],
    [
      'a save that is newer than the copy',
      [
        ['bak', whole('before')],
        ['1', whole('new')],
      ],
      'new',
    ],
    [
      'nothing, where all is cut off',
      [
        ['1', cut],
        ['2', ''],
        ['bak', ''],
      ],
      undefined,
    ],
  ])('is put back from %s', (_, beside, expected) => {
    for (const [index, [end, text]] of beside.entries()) lay({ [`${stacks}/dev.json.${end}`]: text }, index);
    lay({ [`${stacks}/dev.json`]: cut, [`${stacks}/dev2.json.9`]: whole('of another') });
    const before = stackFiles();
    expect(saves.mend()).toBe(expected !== undefined);
    expect(state()).toBe(expected === undefined ? cut : whole(expected));
    // Whoever is killed now finds all of them again.
    expect(stackFiles()).toEqual(before);
    expect(saves.mend()).toBe(false);
  });

  it('is left alone while somebody may be writing it, and so are the saves', () => {
    lay({ [`${stacks}/dev.json.1`]: whole('new'), [`${stacks}/dev.json`]: cut, [lock]: '{}' });
    expect([saves.isHeld(), saves.mend()]).toEqual([true, false]);
    saves.forget();
    expect([state(), stackFiles()]).toEqual([cut, ['dev.json', 'dev.json.1']]);
  });

  it('is not one that is whole, or was never there', () => {
    expect(saves.mend()).toBe(false);
    lay({ [`${stacks}/dev.json.1`]: whole('old') });
    expect([saves.mend(), stackFiles()]).toEqual([false, ['dev.json.1']]);
    lay({ [`${stacks}/dev.json`]: whole('now') });
    expect([saves.mend(), state()]).toEqual([false, whole('now')]);
  });

  it('takes a run with it that is half written down, for which no other would be told', () => {
    lay({ [`${stacks}/dev.json`]: whole('now') });
    const run = (time: number): string => `${history}/dev-${time}.history.json`;
    lay({ [run(1)]: '{}', [run(2)]: '{}', [`${history}/dev-2.checkpoint.json`]: '{}' });
    const runs = () => readdirSync(join(root, history)).filter((name) => name.includes('history'));
    saves.mend();
    expect(runs()).toHaveLength(2);
    lay({ [run(3)]: '{"kind":' });
    saves.mend();
    expect(runs()).toEqual(['dev-1.history.json', 'dev-2.history.json']);
  });
});

describe('the saves of a run', () => {
  it('are few, and always one of them is whole', () => {
    const named = (end: number, text: string): Record<string, string> => ({ [`${stacks}/dev.json.${end}`]: text });
    for (let end = 11; end <= 18; end++) lay(named(end, whole('earlier')));
    saves.thin();
    expect(stackFiles()).toHaveLength(8);
    lay({ ...named(19, whole('new')), ...named(20, cut), ...named(21, '') });
    saves.thin();
    expect(stackFiles()).toEqual(['dev.json.19', 'dev.json.20', 'dev.json.21']);
    for (let end = 22; end <= 30; end++) lay(named(end, cut));
    saves.thin();
    expect(stackFiles()[0]).toBe('dev.json.19');
    rmSync(join(root, stacks, 'dev.json.19'));
    saves.thin();
    expect(stackFiles()).toHaveLength(11);
  });

  it('are forgotten when it is over, and kept as long as the state is not whole', () => {
    lay({ [`${stacks}/dev.json.1`]: cut, [`${stacks}/dev.json`]: cut, [`${stacks}/dev.json.attrs`]: '{}' });
    saves.forget();
    expect(stackFiles()).toContain('dev.json.1');
    lay({ [`${stacks}/dev.json`]: whole('now') });
    saves.forget();
    expect(stackFiles()).toEqual(['dev.json', 'dev.json.attrs']);
  });
});

describe('a run of the engine', () => {
  /** What it was told besides, and how often that the state was cut off. */
  async function ran(args: readonly string[], work: Runner): Promise<{ env: Record<string, unknown>; told: number }> {
    let told = 0;
    let env = {};
    const run: Runner = (given, cwd, its) => {
      env = its;
      return work(given, cwd, its);
    };
    await sparing(run, saves, () => told++)(args, root, { A: '1' }).catch(() => undefined);
    return { env, told };
  }
  const done: Runner = async () => ({ stdout: '', stderr: '', code: 0 });
  const keeping = { A: '1', PULUMI_DIY_BACKEND_RETAIN_CHECKPOINTS: 'true' };

  it('keeps each save where it saves', async () => {
    for (const args of [
      ['up', '--yes'],
      ['destroy'],
      ['refresh', '--yes'],
      ['import', 'a'],
      ['--color=never', 'refresh'],
    ])
      expect(await ran(args, done)).toEqual({ env: keeping, told: 0 });
    for (const args of [['preview'], ['stack', 'export'], ['refresh', '--preview-only'], ['cancel', '--yes']])
      expect(await ran(args, done)).toEqual({ env: { A: '1' }, told: 0 });
  });

  it('that finds no room leaves what it saved last, and fails with its own words', async () => {
    const full: Runner = async () => {
      lay({ [`${stacks}/dev.json.1`]: whole('begun'), [`${stacks}/dev.json.2`]: cut });
      lay({ [`${stacks}/dev.json.bak`]: cut, [`${stacks}/dev.json`]: cut });
      throw new EngineError('no space left on device', 255);
    };
    expect(await ran(['up'], full)).toEqual({ env: keeping, told: 1 });
    expect(state()).toBe(whole('begun'));
    expect(stackFiles()).toEqual(['dev.json', 'dev.json.bak']);
    await expect(sparing(full, saves, () => undefined)(['up'], root, {})).rejects.toThrow('no space left on device');
  });

  it('is not changed for whoever has settled how the engine saves', () => {
    expect(isSettled({ PULUMI_DIY_BACKEND_GZIP: 'true' })).toBe(true);
    expect(isSettled({ PULUMI_RETAIN_CHECKPOINTS: '1', PATH: '/bin' })).toBe(true);
    expect(isSettled({ PULUMI_DIY_BACKEND_PARALLEL: '4' })).toBe(false);
  });
});

describe('the folder of the state', () => {
  const folder = (where: string, env: Record<string, string> = {}) => folderOf(root, { where, env });

  it('is found by how the engine is told of it', () => {
    mkdirSync(join(root, 'states'));
    expect(folder(`file://${root}/states?metadata=skip`)).toBe(join(root, 'states'));
    expect(folder('file://states')).toBe(join(root, 'states'));
    expect(folder('.perpetual/state', { PULUMI_BACKEND_URL: `file://${root}/states` })).toBe(join(root, 'states'));
    expect(folder('file://~')).toBe(homedir());
  });

  it('is none where the state is elsewhere, or the folder is not there', () => {
    for (const where of ['azblob://states', 'Pulumi Cloud', 'file://gone', 'file://'])
      expect(folder(where)).toBeUndefined();
  });
});
