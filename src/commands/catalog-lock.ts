import { type CatalogChoice, userCopy } from '../catalog/copy.ts';
import { display, UsageError, writeWhole } from '../files.ts';
import { lockFile, lockOf } from '../lock.ts';
import { type Command, frozenOf, frozenOption } from './options.ts';

export const catalogLockCommand: Command = {
  name: 'catalog lock',
  describe: 'pin the prices and facts that are here in perpetual.lock.json, beside Pulumi.yaml',
  options: { frozen: { ...frozenOption, describe: 'pin the shipped catalog, although there is a copy' } },
  async run(args, streams) {
    const { copy, problem, file: copyFile } = userCopy();
    const choice = copy && !frozenOf(args, streams) ? 'copy' : 'shipped';
    if (problem !== undefined && !frozenOf(args, streams))
      throw new UsageError(
        `the copy of the price list "${copyFile}" can't be pinned: ${problem}; pin without it by --frozen`,
      );
    const file = writeLock(choice);
    const what = choice === 'copy' ? 'the shipped catalog and the copy of the price list' : 'the shipped catalog';
    streams.stdout.write(`${display(file)} pins ${what}, ${lockOf(choice).catalog.date}\n`);
    return 0;
  },
};

/** Pins what is here, and says where. */
export function writeLock(choice: CatalogChoice): string {
  const file = lockFile();
  writeWhole(file, `${JSON.stringify(lockOf(choice), null, 2)}\n`);
  return file;
}
