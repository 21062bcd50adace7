import { type DeployedSpec, keptSpecsIn } from '../engine/state.ts';
import { UsageError, writePrivate } from '../files.ts';
import { engineOptions, environmentOf, withEngine } from './engine.ts';
import type { Command } from './options.ts';

export const outputsCommand: Command = {
  name: 'outputs',
  positional: 'ENV',
  describe: 'what an environment gives to others: its address, its names, the way into the cluster',
  options: {
    env: engineOptions.env,
    json: engineOptions.json,
    kubeconfig: { type: 'string', describe: 'write the kubeconfig to a file of yours alone', placeholder: 'FILE' },
    'show-secrets': { type: 'boolean', describe: 'print secrets, too' },
  },
  run: (args, streams) =>
    withEngine(args, streams, async ({ session }) => {
      const { json, kubeconfig, 'show-secrets': showSecrets } = args.values;
      const environment = environmentOf(session, args, 'outputs');
      const { ask } = await session.open(environment, 'refuse');
      const read = async (...flags: string[]): Promise<Record<string, unknown>> =>
        JSON.parse(await ask('stack', 'output', '--json', ...flags));
      if (kubeconfig !== undefined) {
        const secret = (await read('--show-secrets')).kubeconfig;
        if (typeof secret !== 'string')
          throw new UsageError(`"${environment}" has no kubeconfig: it is not deployed`, 6);
        writePrivate(String(kubeconfig), secret);
        streams.stderr.write(`perpetual: ${kubeconfig} opens the cluster of ${environment}; nobody else can read it\n`);
        return 0;
      }
      const outputs = await read(...(showSecrets === true ? ['--show-secrets'] : []));
      streams.stdout.write(json === true ? `${JSON.stringify(outputs, null, 2)}\n` : table(outputs));
      return 0;
    }),
};

function table(outputs: Record<string, unknown>): string {
  const width = Math.max(0, ...Object.keys(outputs).map((name) => name.length));
  const { deployed, earlier } = keptSpecsIn(outputs);
  const specs: Record<string, readonly DeployedSpec[]> = { spec: deployed ? [deployed] : [], earlierSpecs: earlier };
  return Object.entries(outputs)
    .map(([name, value]) => {
      const shown = specs[name]?.length
        ? specs[name].map(({ file, sha256 }) => `${file} (sha256 ${sha256.slice(0, 12)})`).join(', ')
        : typeof value === 'string'
          ? value
          : JSON.stringify(value);
      return `${name.padEnd(width)}  ${shown}\n`;
    })
    .join('');
}
