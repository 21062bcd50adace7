import { policies as builtIn } from '../../policies/index.ts';
import { sortDiagnostics } from '../diagnostic.ts';
import { isWaivable, levelOf, settingsOf } from '../policy/config.ts';
import type { Policy } from '../policy/policy.ts';
import { expectedOf } from '../policy/settings.ts';
import { pretty } from '../report/pretty.ts';
import { catalogDate, version } from '../version.ts';
import type { Command, Streams } from './options.ts';
import { type Configured, configFor, policiesOf, policiesOption } from './owners.ts';
import { table } from './table.ts';

export const policyListCommand: Command = {
  name: 'policy list',
  describe: 'every policy with its level by stage, as policies/config.yaml sets it; your own policies among them',
  options: {
    policies: policiesOption,
    format: { type: 'string', alias: 'f', describe: 'how to print', choices: ['pretty', 'json'] },
  },
  async run(args, streams) {
    const policies = policiesOf(args);
    const configured = configFor('policy-list', new Map(), policies);
    if (configured.diagnostics.length > 0) return refuse(configured, streams);
    const listed = policies.map((policy) => entryOf(policy, configured)).sort((a, b) => (a.id < b.id ? -1 : 1));
    const tool = { version, catalog: catalogDate };
    streams.stdout.write(
      args.values.format === 'json'
        ? `${JSON.stringify({ formatVersion: 1, tool, policies: listed }, null, 2)}\n`
        : prettyList(listed),
    );
    return 0;
  },
};

/** A list of levels that are not those in force would mislead. */
async function refuse({ diagnostics, source }: Configured, { stderr }: Streams): Promise<number> {
  const report = {
    specs: [],
    diagnostics: sortDiagnostics(diagnostics),
    source: () => source,
    environmentOf: () => '',
    asOf: '',
    tool: { version, catalog: catalogDate },
  };
  stderr.write(await pretty(report, { color: false, quiet: true }));
  return 1;
}

type Entry = ReturnType<typeof entryOf>;

function entryOf(policy: Policy, { config }: Configured) {
  const { id, title, why, fix, source, advice = false, settings = {} } = policy;
  const by = <T>(of: (stage: 'production' | 'development') => T) => ({
    production: of('production'),
    development: of('development'),
  });
  return {
    id,
    title,
    why,
    fix,
    url: source,
    levels: by((stage) => levelOf(policy, stage, config).set),
    waivable: isWaivable(policy, config),
    advice,
    own: !builtIn.includes(policy),
    settings: Object.entries(settings).map(([name, setting]) => ({
      name,
      description: setting.description,
      expects: expectedOf(setting),
      values: by((stage) => settingsOf(policy, stage, config)[name] ?? null),
    })),
  };
}

function prettyList(entries: readonly Entry[]): string {
  const rows = entries.map(({ id, title, levels, waivable, own }) => [
    id,
    levels.production,
    levels.development,
    waivable ? 'yes' : 'no',
    `${title}${own ? ' (your own)' : ''}`,
  ]);
  const settings = entries.flatMap(({ id, settings }) =>
    settings.map(({ name, description, values }) => [
      `${id}: ${name}`,
      shown(values.production),
      shown(values.development),
      description,
    ]),
  );
  return [
    table([['POLICY', 'PRODUCTION', 'DEVELOPMENT', 'WAIVABLE', 'WHAT IT DEMANDS'], ...rows]),
    ...(settings.length > 0
      ? ['\n', table([['SETTING', 'PRODUCTION', 'DEVELOPMENT', 'WHAT IT IS'], ...settings])]
      : []),
  ].join('');
}

const shown = (value: unknown): string =>
  value === null ? 'not set' : Array.isArray(value) ? `[${value.join(', ')}]` : String(value);
