import { catalogDateInUse, type Fetched, userCopy } from '../catalog/copy.ts';
import { shippedDigest } from '../catalog/digest.ts';
import { pinnedAt } from '../lock.ts';
import { comparisons } from '../retail/changes.ts';
import { catalogDate, version } from '../version.ts';
import { type Command, frozenOf, frozenOption } from './options.ts';

export const catalogShowCommand: Command = {
  name: 'catalog show',
  describe: 'say which prices and facts count here, of which day, and what pins them',
  options: {
    frozen: frozenOption,
    format: { type: 'string', alias: 'f', describe: 'how to print', choices: ['pretty', 'json'] },
  },
  async run(args, streams) {
    const { catalog, diagnostics, source } = pinnedAt('perpetual-node.yaml', frozenOf(args, streams));
    const { file, copy, problem } = userCopy();
    const shown = {
      inForce: catalog === 'copy' && copy ? 'copy' : 'shipped',
      date: catalogDateInUse(catalog),
      shipped: { date: catalogDate, sha256: shippedDigest() },
      copy: copy
        ? {
            file,
            url: copy.url,
            places: Object.entries(copy.places).map(([place, fetched]) => placeOf(place, fetched)),
          }
        : null,
      lock: source ? { file: source.file, holds: diagnostics.length === 0 } : null,
      problems: [
        ...(problem === undefined ? [] : [`the copy "${file}" is not used: ${problem}`]),
        ...diagnostics.map(({ message, help }) => `${message} (${help})`),
      ],
    };
    if (args.values.format === 'json')
      streams.stdout.write(
        `${JSON.stringify({ formatVersion: 1, tool: { version, catalog: shown.date }, catalog: shown }, null, 2)}\n`,
      );
    else streams.stdout.write(`${[...linesOf(shown)].join('\n')}\n`);
    return 0;
  },
};

type Shown = {
  inForce: string;
  date: string;
  shipped: { date: string; sha256: string };
  copy: { file: string | undefined; url: string; places: ReturnType<typeof placeOf>[] } | null;
  lock: { file: string; holds: boolean } | null;
  problems: string[];
};

const placeOf = (place: string, fetched: Fetched) => ({
  place,
  asOf: fetched.asOf,
  prices: [...comparisons({ [place]: fetched })].length,
});

function* linesOf({ inForce, date, shipped, copy, lock, problems }: Shown): Generator<string> {
  yield `in force  ${date}, ${inForce === 'copy' ? 'the copy before the shipped catalog' : 'the shipped catalog'}`;
  yield `shipped   ${shipped.date}, with perpetual ${version}`;
  if (copy) yield `copy      ${copy.file}, from ${copy.url}`;
  for (const { place, asOf, prices } of copy?.places ?? [])
    yield `          ${asOf}  ${prices.toLocaleString('en-US')} prices of ${place}`;
  yield `lock      ${lock ? `${lock.file}${lock.holds ? '' : ', which does not hold'}` : 'none'}`;
  for (const problem of problems) yield `          ${problem}`;
}
