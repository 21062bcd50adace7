import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { display, UsageError } from '../files.ts';
import { fixturesIn, specsOf } from '../fixtures/fixture.ts';
import { differencesOf } from '../fixtures/run.ts';
import { type Arguments, asOfOption, type Command, dateOf } from './options.ts';
import { ownFolderOf, policiesOf, policiesOption } from './owners.ts';

const usual = join('test', 'fixtures', 'policies');

export const policyTestCommand: Command = {
  name: 'policy test',
  positional: '[DIR]',
  describe: `judge every fixture here and in the engine's pack, and compare both with its marks; default ${usual}, and "fixtures" beside policies of your own`,
  options: {
    policies: policiesOption,
    'as-of': asOfOption,
  },
  async run(args, { stdout, env }) {
    const started = performance.now();
    const today = dateOf(args.values['as-of'], env);
    const policies = policiesOf(args);
    const own = ownFolderOf(args);
    const fixtures = foldersOf(args, own).flatMap((folder) => fixturesIn(folder, policies));
    const { startPack } = await import('../pulumi/analyzer.ts');
    // The engine's pack lies beside this program.
    const file = fileURLToPath(new URL('pack.js', import.meta.url));
    const pack = await startPack({ file, specs: specsOf(fixtures), policies: own, asOf: today });
    let failed = 0;
    try {
      for (const fixture of fixtures) {
        const differences = await differencesOf(fixture, policies, today, pack.analyze);
        stdout.write(`${differences.length === 0 ? 'ok    ' : 'failed'} ${fixture.id}\n`);
        for (const difference of differences) stdout.write(`       ${difference}\n`);
        if (differences.length > 0) failed++;
      }
    } finally {
      pack.close();
    }
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    stdout.write(
      `\n${fixtures.length} ${fixtures.length === 1 ? 'fixture' : 'fixtures'}, ${failed} failed, in ${seconds} s\n`,
    );
    return failed > 0 ? 7 : 0;
  },
};

function foldersOf({ positional }: Arguments, own: string | undefined): string[] {
  const [named, second] = positional;
  if (second !== undefined) throw new UsageError(`"policy test" takes one folder, and "${second}" is a second one`);
  if (named !== undefined) return [named];
  const found = [usual, ...(own === undefined ? [] : [join(own, 'fixtures')])].filter((folder) => existsSync(folder));
  if (found.length > 0) return found;
  const expected = own === undefined ? usual : `${usual} or ${display(join(own, 'fixtures'))}`;
  throw new UsageError(`there are no fixtures in ${expected}; name a folder with one folder a policy`);
}
