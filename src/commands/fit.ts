import { policies } from '../../policies/index.ts';
import { compile } from '../compile.ts';
import { UsageError } from '../files.ts';
import { fit as fitSpec } from '../fit/fit.ts';
import { jsonFit, prettyFit } from '../fit/report.ts';
import { Source } from '../spec/source.ts';
import { type Input, inputsOf } from './inputs.ts';
import { type Arguments, dateOf, manyOf, type Streams } from './options.ts';
import { outputsOf, print } from './outputs.ts';
import { type Configured, configFor } from './owners.ts';

/**
 * `cost --fit USD`: what to edit so that one spec costs no more. 0 when it fits or a set of edits does, 1 when errors
 * come first, 7 when nothing fits.
 */
export async function runFit(args: Arguments, streams: Streams): Promise<number> {
  const { values } = args;
  const given = String(values.fit ?? '');
  const targetUsd = Number(given);
  if (!/^\d+(\.\d+)?$/.test(given) || targetUsd <= 0)
    throw new UsageError(`"${given}" is not an amount for "--fit"; expected USD a month, such as 90`);
  for (const name of ['by', 'meters', 'max-cost', 'max-increase', 'against'])
    if (values[name] !== undefined) throw new UsageError(`"--fit" looks for edits: "--${name}" has no use beside it`);
  const outputs = outputsOf(values.format, ['pretty', 'json']);
  const today = dateOf(values['as-of'], streams.env);
  const configs = new Map<string, Configured>();
  const wanted = manyOf(values.env);
  const inputs: Input[] = [];
  for await (const input of inputsOf(args, streams)) {
    const { config } = configFor(input.file, configs);
    if (wanted.length === 0 || wanted.includes(compile(input.file, input.text, { today, config }).environment ?? ''))
      inputs.push(input);
  }
  const [input, another] = inputs;
  if (!input) throw new UsageError(`there is no environment "${wanted.join(', ')}"`, 6);
  if (another)
    throw new UsageError(`"--fit" looks at one spec: name one of ${inputs.map(({ file }) => file).join(', ')}`);

  const { config } = configFor(input.file, configs);
  const result = fitSpec(input.file, input.text, { today, config, policies, targetUsd });
  await print(
    outputs,
    async (format) => (format === 'json' ? jsonFit(result, new Source(input.file, input.text)) : prettyFit(result)),
    values,
    streams,
  );
  if (result.errors.length > 0) return 1;
  return result.alreadyFits || result.fits.length > 0 ? 0 : 7;
}
