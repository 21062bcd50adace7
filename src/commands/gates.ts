import type { Compiled } from '../compile.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { UsageError } from '../files.ts';
import { type Allowed, overIncrease, overLimit } from '../gates.ts';
import type { Judging } from './judging.ts';
import { type Arguments, manyOf, type Option } from './options.ts';

export const gateOptions: Readonly<Record<'max-cost' | 'max-increase' | 'against', Option>> = {
  'max-cost': { type: 'string', describe: 'refuse a spec whose monthly bill is above it', placeholder: 'USD' },
  'max-increase': {
    type: 'string',
    describe: 'refuse a spec whose monthly bill rises by more, compared with --against',
    placeholder: 'USD|PERCENT%',
  },
  against: { type: 'string', describe: 'the commit to compare with', placeholder: 'REF' },
};

/** Of the commands that judge an edit and not its price alone. */
export const editOptions: Readonly<Record<'against' | 'allow', Option>> = {
  against: {
    type: 'string',
    describe: 'the commit to compare with: what the edit replaces, deletes or can never change is refused',
    placeholder: 'REF',
  },
  allow: {
    type: 'string',
    describe: 'let the edit replace or delete the resource of this name, with what is lost with it',
    repeatable: true,
    placeholder: 'NAME',
  },
};

/** Judges a spec by the limits of the command line. */
export type Gates = (compiled: Compiled) => Promise<Diagnostic[]>;

export function gatesOf(values: Arguments['values'], judging: Judging, judgesEdits: boolean): Gates {
  const limit = values['max-cost'] === undefined ? undefined : amountOf(String(values['max-cost']));
  const allowed = values['max-increase'] === undefined ? undefined : allowedOf(String(values['max-increase']));
  const commit = values.against === undefined ? undefined : String(values.against);
  if (allowed && commit === undefined) throw new UsageError('"--max-increase" needs "--against REF" to compare with');
  if (commit !== undefined && !allowed && !judgesEdits)
    throw new UsageError('"--against" needs "--max-increase" to judge by');
  const mayGo = manyOf(values.allow);
  if (mayGo.length > 0 && commit === undefined) throw new UsageError('"--allow" needs "--against REF" to compare with');
  return async (compiled) => {
    const found = limit === undefined ? [] : [...overLimit(compiled, limit)];
    if (commit !== undefined) {
      const { file } = compiled.loaded.source;
      if (file === '<stdin>')
        throw new UsageError('"--against" needs "--stdin-filename" to know which file to compare with');
      const text = (await import('./git.ts')).textAt(commit, file);
      const base = text === undefined ? undefined : judging.compile(file, text);
      if (allowed) found.push(...overIncrease(compiled, { commit, compiled: base }, allowed));
      if (judgesEdits && base)
        found.push(...(await import('../changes/edit.ts')).judgeEdit(base, compiled, commit, mayGo));
    }
    return found;
  };
}

function amountOf(text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text))
    throw new UsageError(`"${text}" is not an amount for "--max-cost"; expected USD a month, such as 140`);
  return Number(text);
}

function allowedOf(text: string): Allowed {
  const [, amount, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? [];
  if (amount === undefined)
    throw new UsageError(
      `"${text}" is no increase for "--max-increase"; expected USD a month or percent, such as 20 or 10%`,
    );
  return percent ? { percent: Number(amount) } : { usd: Number(amount) };
}
