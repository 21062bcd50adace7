import { UsageError, writeWhole } from '../files.ts';
import type { Arguments, Option, Streams } from './options.ts';

/** How a command prints, the same wherever it prints findings. */
const formats = ['pretty', 'json', 'markdown'] as const;
export type Format = (typeof formats)[number];
export type Output = { format: Format; file?: string };

export const outputOptions: Readonly<Record<'format' | 'color', Option>> = {
  format: {
    type: 'string',
    alias: 'f',
    describe: `how to print, to a file with =FILE: ${formats.join(', ')}`,
    repeatable: true,
    placeholder: 'FMT[=FILE]',
  },
  color: { type: 'string', describe: 'whether to use colour', choices: ['auto', 'always', 'never'] },
};

export function outputsOf(value: Arguments['values'][string]): Output[] {
  const given = Array.isArray(value) ? value : typeof value === 'string' ? [value] : ['pretty'];
  const outputs = given.map((each) => {
    const [name = '', ...rest] = each.split('=');
    if (!(formats as readonly string[]).includes(name))
      throw new UsageError(`there is no format "${name}"; expected one of ${formats.join(', ')}`);
    return { format: name as Format, ...(rest.length > 0 && { file: rest.join('=') }) };
  });
  if (outputs.filter(({ file }) => file === undefined).length > 1)
    throw new UsageError('only one format can go to standard output: give the others a file, as in json=report.json');
  return outputs;
}

function useColor(value: unknown, { stdout, env }: Streams): boolean {
  if (value === 'always' || value === 'never') return value === 'always';
  if (env.NO_COLOR) return false;
  return env.FORCE_COLOR ? env.FORCE_COLOR !== '0' : stdout.isTTY === true && env.TERM !== 'dumb';
}

/** How a text is drawn: in colour, and within the width of the terminal. */
export type Drawing = { color: boolean; width?: number };

/** Makes each output and sends it where it goes: files whole, and standard output once. */
export async function print(
  outputs: readonly Output[],
  make: (format: Format, drawing: Drawing) => Promise<string>,
  values: Arguments['values'],
  streams: Streams,
): Promise<void> {
  const color = useColor(values.color, streams);
  const { columns } = streams.stdout;
  for (const { format, file } of outputs) {
    if (file !== undefined) writeWhole(file, await make(format, { color: false }));
    else streams.stdout.write(await make(format, { color, ...(columns !== undefined && { width: columns }) }));
  }
}
