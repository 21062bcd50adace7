import { catalogDate } from '../version.ts';
import type { Line, Surroundings } from './line.ts';

/** What the variables of this name do; each is said elsewhere, too. */
const known: Readonly<Record<string, string>> = {
  PERPETUAL_AS_OF: 'the day to judge as on',
  PERPETUAL_AZURE_ENDPOINT: 'where "preflight" and "drift" ask instead of Azure',
  PERPETUAL_CACHE: 'where the copy of the price list lies',
  PERPETUAL_FROZEN: 'the shipped prices only',
  PERPETUAL_PRICES_URL: 'where the price list is fetched from',
  PERPETUAL_POLICY_PACK: 'whether a pack is attached, for the program',
  PERPETUAL_RECOVER_VAULT: 'the vault to take back, for the program',
};

/** What changes the answers of every command on this machine, the clock among it. */
export function settingLines({ env }: Surroundings, today: string): Line[] {
  const settings = Object.entries(env)
    .filter(([name, value]) => name.startsWith('PERPETUAL_') && value)
    .map(([name, value]): Line => {
      const about = { for: 'checking', what: name } as const;
      return Object.hasOwn(known, name)
        ? { ...about, state: 'ok', found: `${value}: ${known[name]}` }
        : { ...about, state: 'note', found: 'not one that perpetual reads' };
    });
  const isCi = !['', '0', 'false'].includes(env.CI ?? '');
  return [
    clockLine(today),
    ...(isCi ? [{ for: 'checking', what: 'CI', state: 'ok', found: ciOf(env) } as const] : []),
    ...settings,
  ];
}

/** No clock is asked for the time: one that is before the catalog was made is wrong all the same. */
function clockLine(today: string): Line {
  const about = { for: 'checking', what: 'clock' } as const;
  if (today >= catalogDate) return { ...about, state: 'ok', found: today };
  const found = `${today}, and the catalog is of ${catalogDate}`;
  return { ...about, state: 'too old', found, fix: 'set the clock of this machine, without which no login works' };
}

const ciOf = (env: NodeJS.ProcessEnv): string =>
  env.GITHUB_ACTIONS === 'true'
    ? 'a run of GitHub Actions'
    : env.GITLAB_CI === 'true'
      ? 'a run of GitLab CI'
      : env.TF_BUILD
        ? 'a run of Azure Pipelines'
        : 'CI is set';
