import { underCatalog } from '../catalog/copy.ts';
import { UsageError } from '../files.ts';
import { fit as fitSpec } from '../fit/fit.ts';
import { jsonFit, prettyFit } from '../fit/report.ts';
import { Source } from '../spec/source.ts';
import { type Input, inputsOf } from './inputs.ts';
import { Judging } from './judging.ts';
import { type Arguments, manyOf, type Streams } from './options.ts';
import { outputsOf, print } from './outputs.ts';

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
  const judging = new Judging(args, streams);
  const wanted = manyOf(values.env);
  const inputs: Input[] = [];
  for await (const input of inputsOf(args, streams)) {
    if (wanted.length === 0 || wanted.includes(judging.compile(input.file, input.text).environment ?? ''))
      inputs.push(input);
  }
  const [input, another] = inputs;
  if (!input) throw new UsageError(`there is no environment "${wanted.join(', ')}"`, 6);
  if (another)
    throw new UsageError(`"--fit" looks at one spec: name one of ${inputs.map(({ file }) => file).join(', ')}`);

  const terms = judging.termsFor(input.file);
  const result = underCatalog(terms.catalog, () => fitSpec(input.file, input.text, { ...terms, targetUsd }));
  await print(
    outputs,
    async (format) => (format === 'json' ? jsonFit(result, new Source(input.file, input.text)) : prettyFit(result)),
    values,
    streams,
  );
  if (result.errors.length > 0) return 1;
  return result.alreadyFits || result.fits.length > 0 ? 0 : 7;
}
