import { policies } from '../../policies/index.ts';
import { UsageError } from '../files.ts';
import { fit as fitSpec } from '../fit/fit.ts';
import { jsonFit, prettyFit } from '../fit/report.ts';
import { Source } from '../spec/source.ts';
import { configFor, inputsOf } from './compile.ts';
import { type Arguments, dateOf, type Streams } from './options.ts';

/**
 * `--fit USD`: what to edit so that one spec costs no more. 0 when it fits or a set of edits does, 1 when errors come
 * first, 7 when nothing fits.
 */
export async function runFit({ positional, values }: Arguments, streams: Streams): Promise<number> {
  const given = String(values.fit ?? '');
  const targetUsd = Number(given);
  if (!/^\d+(\.\d+)?$/.test(given) || targetUsd <= 0)
    throw new UsageError(`"${given}" is not an amount; expected USD a month, as in --fit 90`);
  const format = String(values.format ?? 'pretty');
  if (format !== 'pretty' && format !== 'json')
    throw new UsageError(`"--fit" has no format "${format}"; expected one of pretty, json`);
  const today = dateOf(values['as-of'], streams.env);
  const inputs = [];
  for await (const input of inputsOf(positional, values, streams)) inputs.push(input);
  const [input, another] = inputs;
  if (!input || another)
    throw new UsageError(`"--fit" looks at one spec: name one of ${inputs.map(({ file }) => file).join(', ')}`);

  const { config } = configFor(input.file, new Map());
  const result = fitSpec(input.file, input.text, { today, config, policies, targetUsd });
  streams.stdout.write(format === 'json' ? jsonFit(result, new Source(input.file, input.text)) : prettyFit(result));
  if (result.errors.length > 0) return 1;
  return result.alreadyFits || result.fits.length > 0 ? 0 : 7;
}
