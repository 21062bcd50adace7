import { datedFacts } from '../catalog/dated-facts.ts';
import type { Compiled } from '../compile.ts';
import type { Diagnostic } from '../diagnostic.ts';

/** A finding that is not there yet, with the day on which it will be. */
export type Coming = { date: string; diagnostic: Diagnostic };

// What ends is announced so long before; some ends are the last good day and some the first bad one.
const offsets = [-90, -89, 0, 1];

/**
 * What will be found in a spec that nobody touches, by judging it as of each day on which it may differ: the days of
 * the catalog, those written in the spec, and those on which either is announced.
 */
export function comingDates(compileOn: (day: string) => Compiled, from: string, until: string): Coming[] {
  const today = compileOn(from);
  const written = today.loaded.source.text.match(/\b\d{4}-\d{2}-\d{2}\b/g) ?? [];
  const days = [...datedFacts(), ...written]
    .flatMap((date) => offsets.map((days) => daysAfter(date, days)))
    .filter((day): day is string => day !== undefined && day > from && day <= until);
  const coming: Coming[] = [];
  let known = new Set(today.diagnostics.map(keyOf));
  for (const date of [...new Set(days)].sort()) {
    const { diagnostics } = compileOn(date);
    for (const diagnostic of diagnostics) if (!known.has(keyOf(diagnostic))) coming.push({ date, diagnostic });
    known = new Set(diagnostics.map(keyOf));
  }
  return coming;
}

/** The same finding, whatever it says: how many days are left is another text every day. */
const keyOf = ({ code, path, severity, waived }: Diagnostic): string =>
  [code, path, severity, waived !== undefined].join(' ');

/** Undefined for what the calendar lacks. */
export function daysAfter(date: string, days: number): string | undefined {
  const time = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(time) ? undefined : new Date(time + days * 86_400_000).toISOString().slice(0, 10);
}

/** The day some months later, or the last of that month where it is shorter. */
export function monthsAfter(date: string, months: number): string {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(day, last))).toISOString().slice(0, 10);
}
