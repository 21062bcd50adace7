import { UsageError } from '../files.ts';
import type { WaiverState } from '../policy/waivers.ts';
import { nearest } from '../spec/node.ts';
import { catalogDate, version } from '../version.ts';
import { inputsOf } from './inputs.ts';
import { Judging, judgingOptions } from './judging.ts';
import type { Arguments, Command, Streams } from './options.ts';
import { table } from './table.ts';

export const waiversCommand: Command = {
  name: 'waivers',
  positional: '[SPEC...]',
  describe:
    'every accepted violation with its owner, its reason and its last day; without SPEC every specs/**/perpetual-node.yaml',
  options: {
    expiring: {
      type: 'string',
      describe: 'exit with 7 when one ends within that many days, or has ended',
      placeholder: 'DAYS, as in 30d',
    },
    format: { type: 'string', alias: 'f', describe: 'how to print', choices: ['pretty', 'json'] },
    ...judgingOptions,
  },
  run,
};

/** A waiver with where it stands: one is asked for it by its spec and line. */
type Debt = WaiverState & { file: string; environment: string; line: number };

async function run(args: Arguments, streams: Streams): Promise<number> {
  const { values } = args;
  const judging = new Judging(args, streams);
  const within = values.expiring === undefined ? undefined : daysOf(String(values.expiring));
  const debts: Debt[] = [];
  for await (const { file, text } of inputsOf(args, streams)) {
    const { loaded, environment = '', waivers } = judging.compile(file, text);
    for (const waiver of waivers) {
      const { range } = nearest(loaded.root, `policies.waivers[${waiver.index}]`);
      debts.push({ ...waiver, file, environment, line: loaded.source.position(range.start).line });
    }
  }
  // What ends first is what somebody has to look at first; what is unusable has ended already.
  debts.sort((a, b) => (a.daysLeft ?? Number.NEGATIVE_INFINITY) - (b.daysLeft ?? Number.NEGATIVE_INFINITY));
  const due = within === undefined ? [] : debts.filter(({ daysLeft = -1 }) => daysLeft <= within);
  streams.stdout.write(values.format === 'json' ? json(debts, judging.today) : pretty(debts));
  if (due.length > 0)
    streams.stderr.write(
      `perpetual: ${due.length} of ${debts.length} ${due.length === 1 ? 'ends' : 'end'} within ${within} days or ${due.length === 1 ? 'has' : 'have'} ended\n`,
    );
  return due.length > 0 ? 7 : 0;
}

function daysOf(text: string): number {
  const days = /^(\d{1,5})d?$/.exec(text)?.[1];
  if (days === undefined) throw new UsageError(`"${text}" is not a number of days; expected one such as 30d`);
  return Number(days);
}

function json(debts: readonly Debt[], asOf: string): string {
  const waivers = debts.map(
    ({ file, environment, line, policy, path, owner, reason, expires, daysLeft, state, used }) => ({
      file,
      environment,
      line,
      policy: policy ?? null,
      path: path ?? '',
      owner: owner ?? null,
      reason: reason ?? null,
      expires: expires ?? null,
      daysLeft: daysLeft ?? null,
      state,
      used: used ?? null,
    }),
  );
  const of = (wanted: WaiverState['state']): number => debts.filter(({ state }) => state === wanted).length;
  const summary = {
    valid: of('valid'),
    expired: of('expired'),
    unusable: of('unusable'),
    unused: debts.filter(({ used }) => used === false).length,
  };
  return `${JSON.stringify({ formatVersion: 1, tool: { version, catalog: catalogDate }, asOf, waivers, summary }, null, 2)}\n`;
}

function pretty(debts: readonly Debt[]): string {
  if (debts.length === 0) return 'no violation is accepted\n';
  const rows = debts.map(({ file, line, policy, path, owner, reason, expires, daysLeft, state, used }) =>
    state === 'unusable'
      ? [`${file}:${line}`, '', '', '', 'unusable', '', 'it has errors and counts as expired']
      : [
          `${file}:${line}`,
          policy ?? '',
          path || 'everywhere',
          owner ?? '',
          `${expires} (${endOf(daysLeft ?? 0)})`,
          used === undefined ? 'unknown' : used ? 'yes' : 'no',
          (reason ?? '').replace(/\s+/g, ' ').trim(),
        ],
  );
  return table([['SPEC', 'POLICY', 'PATH', 'OWNER', 'EXPIRES', 'USED', 'REASON'], ...rows]);
}

function endOf(daysLeft: number): string {
  if (daysLeft < 0) return `${-daysLeft} ${daysLeft === -1 ? 'day' : 'days'} ago`;
  return daysLeft === 0 ? 'today' : `in ${daysLeft} ${daysLeft === 1 ? 'day' : 'days'}`;
}
