import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/compile.ts';
import { type Bill, type BillItem, summarise } from '../../src/report/report.ts';
import { parsePath } from '../../src/spec/path.ts';
import { specSchema } from '../../src/spec/schema.ts';
import { at } from '../../src/spec/shape.ts';
import { expectGolden } from '../support/golden.ts';
import { today } from '../support/specs.ts';

const specs = {
  dev: 'specs/dev/perpetual-node.yaml',
  prod: 'specs/prod/perpetual-node.yaml',
  everything: 'test/fixtures/specs/everything.yaml',
  'everything-else': 'test/fixtures/specs/everything-else.yaml',
  seeds: 'test/fixtures/specs/seeds-bill.yaml',
};

const usd = (amount: number | null): string => (amount === null ? 'not priced' : amount.toFixed(4).replace(/00$/, ''));

/** As an invoice one would check line by line: what, how much of it, at which price, from where, and why there. */
function* linesOf(item: BillItem): Generator<string> {
  yield `${usd(item.monthlyUsd).padStart(12)}  ${item.name}${item.detail ? ` (${item.detail})` : ''}`;
  const free = item.freeAllowance ? ` less ${Number(item.freeAllowance.granted.toFixed(6))} free` : '';
  const price = item.unitPriceUsd === null ? 'no price' : `${item.unitPriceUsd} USD`;
  yield `              ${Number(item.quantity.toFixed(6))} ${item.unit}${free} at ${price}: ${item.meter}`;
  const origin = item.source === '' ? '' : `${item.region ?? 'every region'}, ${item.source} of ${item.asOf}; `;
  yield `              ${origin}${item.resource}, by ${item.path}`;
  if (item.alternativeUsd !== undefined) yield `              disputed: may be ${usd(item.alternativeUsd)}`;
  for (const { name, monthlyUsd, note } of item.alternatives ?? [])
    yield `              or ${usd(monthlyUsd)} as ${name}${note ? `: ${note}` : ''}`;
  if (item.note) yield `              ${item.note}`;
}

const textOf = ({ monthlyUsd, partial, items }: Bill): string =>
  [
    ...items.flatMap((item) => [...linesOf(item)]),
    '',
    `${monthlyUsd.toFixed(2).padStart(10)}    USD a month${partial ? ', without what has no price' : ''}`,
    '',
  ].join('\n');

describe('the bill of', () => {
  for (const [name, file] of Object.entries(specs)) {
    const compiled = compile(file, readFileSync(file, 'utf8'), { today });
    const bill = summarise(compiled).bill as Bill;

    it(`${name} is the golden one`, () => expectGolden(`test/goldens/bills/${name}.txt`, textOf(bill)));

    it(`${name} says of each item which key of the spec it comes from`, () => {
      for (const { path, name: what } of bill.items) {
        expect(path, what).not.toBe('');
        expect(at(specSchema, parsePath(path)), `${what}: ${path}`).toBeDefined();
      }
    });
  }
});
