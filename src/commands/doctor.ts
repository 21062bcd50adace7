import { examine, exitCodeOf, purposes } from '../doctor/doctor.ts';
import { isFault, type Line } from '../doctor/line.ts';
import { projectRoot } from '../pulumi/stack-spec.ts';
import { plural } from '../report/report.ts';
import { version } from '../version.ts';
import type { Command } from './options.ts';
import { table } from './table.ts';

export const doctorCommand: Command = {
  name: 'doctor',
  describe:
    'what checking and deploying need on this machine, and what of it is missing or too old; asks nobody outside of it and shows no secret',
  options: { json: { type: 'boolean', describe: 'for programs, as one JSON document' } },
  async run({ values }, { stdout, env }) {
    const lines = await examine({ root: projectRoot(process.cwd()), env }, new Date().toISOString().slice(0, 10));
    const exitCode = exitCodeOf(lines);
    const document = { formatVersion: 1, tool: { version }, ok: exitCode === 0, lines: lines.map(shownOf) };
    stdout.write(values.json === true ? `${JSON.stringify(document, null, 2)}\n` : page(lines));
    return exitCode;
  },
};

const shownOf = ({ exitCode, ...line }: Line) => ({ ...line, needed: exitCode !== undefined });

const titles = {
  checking: 'to check specs',
  deploying: 'to deploy them',
  other: 'for one command or another',
} as const;

function page(lines: readonly Line[]): string {
  const sections = purposes.map((purpose) => {
    const rows = lines
      .filter((line) => line.for === purpose)
      .map(({ state, what, found, fix }) => [`  ${state}`, what, fix === undefined ? found : `${found}: ${fix}`]);
    return `${titles[purpose]}\n${table(rows)}`;
  });
  const faults = lines.filter((line) => isFault(line) && line.exitCode !== undefined);
  const sum = faults.length === 0 ? 'nothing is missing' : `${plural(faults.length, 'thing')} to mend`;
  return `${sections.join('\n')}\n${sum}\n`;
}
