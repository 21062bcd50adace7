import { readData } from './files.ts';

const zones = (): Record<string, string[]> => readData<{ zones: Record<string, string[]> }>('time-zones.json').zones;

/**
 * Windows' name of an IANA time zone, which is what Azure's schedulers know, by Unicode's own table
 * (https://cldr.unicode.org/development/development-process/design-proposals/extended-windows-olson-zid-mapping);
 * undefined where Windows has none.
 */
export function windowsTimeZone(iana: string): string | undefined {
  const named = (name: string): string | undefined =>
    Object.entries(zones()).find(([, names]) => names.includes(name))?.[0];
  return named(iana) ?? named(canonical(iana));
}

/** The table has one name for each zone; the runtime knows which of several it is. */
function canonical(iana: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: iana }).resolvedOptions().timeZone;
  } catch {
    return iana;
  }
}
