import { type Copy, catalogDateInUse, copySource, forgetCopy, useCatalog, userCopy } from '../catalog/copy.ts';
import { regionByDisplayName, region as regionNamed, regionNames } from '../catalog/regions.ts';
import { display, UsageError, writeWhole } from '../files.ts';
import { pinnedAt } from '../lock.ts';
import { type Change, comparisons, isChanged } from '../retail/changes.ts';
import { type Client, defaultUrl } from '../retail/client.ts';
import { fetchPrices, type LeftAlone } from '../retail/fetch-prices.ts';
import { didYouMean, nearestName } from '../spec/nearest-name.ts';
import { version } from '../version.ts';
import { writeLock } from './catalog-lock.ts';
import { type Arguments, type Command, dateOf, frozenOf, manyOf, type Streams } from './options.ts';
import { progressOn } from './progress.ts';

export const catalogUpdateCommand: Command = {
  name: 'catalog update',
  describe: "fetch today's prices from Azure's public price list into a copy of your own; needs the network, no login",
  options: {
    region: {
      type: 'string',
      alias: 'r',
      describe: 'only this region; default those of the specs below specs/',
      repeatable: true,
      placeholder: 'NAME',
    },
    'dry-run': { type: 'boolean', describe: 'show what would change and keep nothing' },
    lock: { type: 'boolean', describe: 'then pin the result, as "catalog lock" does' },
    format: { type: 'string', alias: 'f', describe: 'how to print', choices: ['pretty', 'json'] },
    'as-of': {
      type: 'string',
      describe: 'the day the prices are for; default PERPETUAL_AS_OF, else today',
      placeholder: 'DATE',
    },
  },
  run,
};

type Result = {
  regions: string[];
  file: string | null;
  changes: Change[];
  prices: number;
  leftAlone: LeftAlone[];
  lock: string | null;
};

async function run(args: Arguments, streams: Streams): Promise<number> {
  const { values } = args;
  const today = dateOf(values['as-of'], streams.env);
  const regions = await regionsOf(manyOf(values.region));
  const url = urlOf(streams.env);
  // What is fetched is compared with what is here, whether it counts in this folder or not.
  useCatalog('copy');
  const { file, copy } = userCopy();
  if (file === undefined)
    throw new UsageError('there is no home folder to keep the copy in: name one in PERPETUAL_CACHE');

  const fetched = await fetchOrCancel(regions, today, url, streams);
  if (!fetched) return 8;
  const { places, leftAlone } = fetched;
  const all = [...comparisons(places)];
  const result: Result = {
    regions,
    file: null,
    changes: all.filter((each) => each.fromUsd === null || isChanged(each)),
    prices: all.length,
    leftAlone,
    lock: null,
  };
  if (values['dry-run'] !== true) {
    const { origin, pathname } = new URL(url);
    const next: Copy = {
      formatVersion: 1,
      source: copySource,
      url: origin + pathname,
      places: { ...copy?.places, ...places },
    };
    writeWhole(file, `${JSON.stringify(next, null, 1)}\n`);
    forgetCopy();
    result.file = file;
    if (values.lock === true) result.lock = writeLock('copy');
  }
  // By the lock or the wish of whoever runs us, this may not be what counts here.
  const { catalog } = pinnedAt('perpetual-node.yaml', frozenOf(args, streams));
  const tool = { version, catalog: catalogDateInUse(catalog) };
  streams.stdout.write(values.format === 'json' ? json(result, tool, today) : pretty(result));
  if (result.file !== null && catalog === 'shipped')
    streams.stderr.write('perpetual: these prices do not count here yet: "perpetual catalog show" says why\n');
  return 0;
}

/** Until all is fetched nothing is kept, so that whoever loses patience loses nothing else. */
async function fetchOrCancel(regions: string[], today: string, url: string, { stderr }: Streams) {
  const cancelling = new AbortController();
  const cancel = () => cancelling.abort();
  process.once('SIGINT', cancel);
  const progress = await progressOn(stderr);
  const client: Client = { url, signal: cancelling.signal };
  try {
    return await fetchPrices(regions, today, client, progress.tell);
  } catch (error) {
    if (!cancelling.signal.aborted) throw error;
    progress.stop();
    stderr.write('perpetual: cancelled; the catalog is as it was\n');
    return undefined;
  } finally {
    progress.stop();
    process.off('SIGINT', cancel);
  }
}

function urlOf({ PERPETUAL_PRICES_URL: given }: NodeJS.ProcessEnv): string {
  const url = given || defaultUrl;
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '') || /[?#]/.test(url))
    throw new UsageError('PERPETUAL_PRICES_URL is no address of a price list, as in https://prices.example.org/api');
  return url;
}

/** The regions asked for, else those of the specs, by their short names. */
async function regionsOf(asked: readonly string[]): Promise<string[]> {
  const named = asked.length > 0 ? asked : await regionsOfSpecs();
  const short = named.map((name) => {
    const found = regionNamed(name) ?? regionByDisplayName(name);
    if (!found) throw new UsageError(`there is no region "${name}"${didYouMean(nearestName(name, regionNames()))}`);
    return found.name;
  });
  return [...new Set(short)].sort();
}

async function regionsOfSpecs(): Promise<string[]> {
  // By way of the other command: what reads specs stays in its file of the build.
  const { specRegions } = await import('./compile.ts');
  const regions = specRegions();
  if (regions.length === 0) throw new UsageError('there is no spec with a region below specs/: name one with --region');
  return regions;
}

function json({ regions, file, lock, changes, prices, leftAlone }: Result, tool: object, asOf: string): string {
  const added = changes.filter(({ fromUsd }) => fromUsd === null).length;
  const summary = { prices, changed: changes.length - added, added, leftAlone: leftAlone.length };
  return `${JSON.stringify({ formatVersion: 1, tool, asOf, regions, file, lock, changes, leftAlone, summary }, null, 2)}\n`;
}

function pretty({ file, lock, changes, prices, leftAlone }: Result): string {
  const changed = changes.filter(({ fromUsd }) => fromUsd !== null);
  const widest = Math.max(...changed.map(({ place, meter }) => place.length + meter.length), 0);
  const lines = changed.map(({ place, meter, fromUsd, toUsd, percent, per }) => {
    const rise = percent === null ? '' : `  ${percent > 0 ? '+' : ''}${percent}%`;
    return `${place} ${meter}${' '.repeat(widest - place.length - meter.length)}  ${usd(fromUsd ?? 0)} -> ${usd(toUsd)} USD per ${per}${rise}`;
  });
  const count = (number: number): string => number.toLocaleString('en-US');
  return [
    ...lines,
    ...(lines.length > 0 ? [''] : []),
    `${count(prices)} prices fetched: ${count(changed.length)} changed, ${count(changes.length - changed.length)} new; ${count(leftAlone.length)} stay as they were`,
    file === null ? 'nothing is kept (--dry-run)' : `kept in ${file}`,
    ...(lock === null ? [] : [`pinned by ${display(lock)}`]),
    '',
  ].join('\n');
}

// Six digits are more than any price has; what follows is what binary fractions add.
const usd = (amount: number): string => String(Number(amount.toPrecision(6)));
