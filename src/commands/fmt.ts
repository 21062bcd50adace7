import { inOrder } from '../edit/order.ts';
import { writeWhole } from '../files.ts';
import { inputsOf } from './inputs.ts';
import { specArguments, specOptions, specsMeant } from './judge-specs.ts';
import type { Arguments, Command, Streams } from './options.ts';

export const fmtCommand: Command = {
  name: 'fmt',
  positional: specArguments,
  describe: `puts the keys of specs in the order of the schema and changes nothing else; ${specsMeant} to standard output`,
  options: {
    check: { type: 'boolean', describe: 'write nothing, and exit with 7 when something would change' },
    'stdin-filename': specOptions['stdin-filename'],
  },
  run,
};

async function run(args: Arguments, streams: Streams): Promise<number> {
  const { positional, values } = args;
  const isCheck = values.check === true;
  let unreadable = false;
  let differs = false;
  for await (const { file, text } of inputsOf(args, streams)) {
    const ordered = inOrder(file, text);
    if (ordered === undefined) {
      streams.stderr.write(`perpetual: "${file}" is not YAML: "perpetual check ${file}" says where\n`);
      unreadable = true;
    }
    const result = ordered ?? text;
    if (result !== text) differs = true;
    if (positional.includes('-') && !isCheck) streams.stdout.write(result);
    else if (result !== text) {
      streams.stdout.write(`${file}\n`);
      if (!isCheck) writeWhole(file, result);
    }
  }
  return unreadable ? 1 : isCheck && differs ? 7 : 0;
}
