import * as z from 'zod/mini';
import { certainRange, firstAddress } from '../ip-ranges.ts';

// Generating code for each object takes longer than checking a spec without it. Said here, before any section is made.
z.config({ jitless: true });

/** What every key of the spec says about itself; it feeds the editor, `explain`, the JSON Schema and the compiler's messages. */
export type About = {
  /** What it is and what it does; limits and default are added from the schema itself. */
  description: string;
  /** A value as one would write it. */
  example?: unknown;
  unit?: string;
  /** The only numbers it can be. */
  among?: readonly number[];
  /** Completes "expected ..." in a message, as in `a CIDR such as 10.20.0.0/16`. */
  expects?: string;
  /** The value is a reference to a secret: whatever else stands there is never printed. */
  secret?: true;
  /** The value looks like a number and isn't one: it must be quoted. */
  versionLike?: true;
  /** It is the same thing in every environment: "perpetual promote" copies it. What is not marked stays where it is. */
  travels?: true;
};

/** Attaches what a field says about itself, in place: a copy of the schema for each step would double the start-up time. */
export function saying<T extends z.ZodMiniType>(schema: T, about: About): T {
  z.globalRegistry.add(schema, about as z.core.GlobalMeta);
  return schema;
}

/** A key that may be left out, and then has no value. */
export const optional = <T extends z.ZodMiniType>(schema: T) => z.optional(schema);

/** A key that may be left out, and then has this value. */
export const withDefault = <T extends z.ZodMiniType>(schema: T, value: NoInfer<z.output<T>>) =>
  z._default(schema, value as never);

/** A section that may be left out, and then counts as empty: its own keys have their defaults. */
export const orEmpty = <T extends z.ZodMiniType>(schema: T) => z.prefault(schema, {} as never);

// Each with its checks from the start: adding them makes a copy of the schema.
const string = (pattern: RegExp, ...more: z.core.$ZodCheck<string>[]) =>
  new z.ZodMiniString({ type: 'string', checks: [z.regex(pattern), ...more] }) as z.ZodMiniString<string>;

const number = (...checks: z.core.$ZodCheck<number>[]) =>
  new z.ZodMiniNumber({ type: 'number', checks }) as z.ZodMiniNumber<number>;

const integer = z.int();
export const wholeNumber = (...checks: z.core.$ZodCheck<number>[]) => number(integer, ...checks);

export const text = (about: About & { expects: string }, pattern = /^[\s\S]+$/) => saying(string(pattern), about);

export const whole = (min: number, max: number, about: About) => saying(wholeNumber(z.gte(min), z.lte(max)), about);

export const amount = (min: number, max: number, about: About) => saying(number(z.gte(min), z.lte(max)), about);

export const flag = (about: About) => saying(z.boolean(), about);

export const choice = <const T extends readonly [string, ...string[]]>(values: T, about: About) =>
  saying(z.enum(values), about);

export const section = <T extends z.core.$ZodShape>(about: About, shape: T) => saying(z.strictObject(shape), about);

export const list = <T extends z.ZodMiniType>(about: About, item: T, max: number, min = 0) =>
  saying(
    new z.ZodMiniArray({
      type: 'array',
      element: item,
      checks: [z.minLength(min), z.maxLength(max)],
    }) as z.ZodMiniArray<T>,
    about,
  );

/** A mapping from names to values. */
export const table = <Value extends z.ZodMiniType>(about: About, names: RegExp, value: Value) =>
  saying(z.record(string(names), value), about);

/** A version is text: YAML would read `1.30` as the number 1.3. */
export const version = (about: About & { expects: string }, pattern: RegExp) =>
  saying(string(pattern), { ...about, versionLike: true });

const octet = String.raw`(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)`;

/** An IPv4 range as a regular expression's source; a leading zero would make a number octal for some readers. */
export const rangePattern = String.raw`(${octet}\.){3}${octet}\/(3[0-2]|[12]?\d)`;

const ipv4Cidr = new RegExp(`^${rangePattern}$`);

const isNetworkAddress = (cidr: string): boolean => {
  if (!ipv4Cidr.test(cidr)) return true; // the pattern has already said so
  return networkOf(cidr) === cidr;
};

/** The range without the bits behind its prefix. */
export const networkOf = (cidr: string): string => `${firstAddress(certainRange(cidr))}/${cidr.split('/')[1]}`;

/** An IPv4 range in its canonical form: Azure refuses one with bits set behind the prefix. */
export const cidr = (about: About) =>
  saying(
    string(
      ipv4Cidr,
      z.refine(isNetworkAddress, {
        error: ({ input }) => `"${input}" has bits set behind its prefix: write "${networkOf(String(input))}"`,
      }),
    ),
    { expects: 'an IPv4 range such as 203.0.113.0/24', ...about },
  );

/** `env:NAME` or `file:PATH`: the only way a secret may appear in a spec. */
export const secretReference = (about: About) =>
  saying(string(/^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$/), {
    expects: 'a reference, env:NAME or file:PATH',
    secret: true,
    ...about,
  });

const calendar = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const isDay = (day: string): boolean =>
  !calendar.test(day) || new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);

export const date = (about: About, ...more: z.core.$ZodCheck<string>[]) =>
  saying(
    string(calendar, z.refine(isDay, { error: ({ input }) => `"${input}" is not a day of the calendar` }), ...more),
    {
      expects: 'a date such as 2027-01-31',
      ...about,
    },
  );

export const clock = (about: About) =>
  saying(string(/^([01]\d|2[0-3]):[0-5]\d$/), { expects: 'a time such as "02:00"', ...about });

export const email = (about: About) =>
  saying(
    string(/^[^\s@<>(),;:"[\]\\]+@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$/),
    {
      expects: 'an e-mail address such as ops@example.org',
      ...about,
    },
  );

export const guid = (about: About) =>
  saying(string(/^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/), {
    expects: 'a GUID such as 11111111-2222-3333-4444-555555555555',
    ...about,
  });
