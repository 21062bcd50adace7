import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { loginOf } from '../azure/login.ts';
import { isPassphraseGiven, isPassphraseLost, type Place, placeOf } from '../engine/backend.ts';
import { environmentsIn } from '../engine/target.ts';
import { UsageError } from '../files.ts';
import { onPath } from '../on-path.ts';
import { foreignLogin } from '../pulumi/login.ts';
import { compileStack } from '../pulumi/stack-spec.ts';
import { isPresent } from '../views.ts';
import type { Line, Surroundings } from './line.ts';
import { azInstall } from './programs.ts';

/** The project, where its state is kept and may be read, and who deploys; nothing of it is tried over a network. */
export function loginLines({ root, env }: Surroundings): Line[] {
  const project = projectLine(root);
  const state = project.state === 'ok' ? stateLines(root, env) : [];
  return [project, ...state, azureLine(env), ...specLines(root, env)];
}

function projectLine(root: string): Line {
  const about = { for: 'deploying', what: 'project' } as const;
  const missing = ['Pulumi.yaml', 'policies/PulumiPolicy.yaml'].filter((name) => !existsSync(join(root, name)));
  const found = `no ${missing.join(', no ')} in ${root}`;
  return missing.length === 0
    ? { ...about, state: 'ok', found: root }
    : { ...about, state: 'missing', found, fix: 'perpetual init', exitCode: 2 };
}

function stateLines(root: string, env: NodeJS.ProcessEnv): Line[] {
  const about = { for: 'deploying', what: 'state' } as const;
  let place: Place;
  try {
    place = placeOf(root, env);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const [found = '', fix] = error.message.split(': ');
    return [{ ...about, state: 'missing', found, ...(fix !== undefined && { fix }), exitCode: 3 }];
  }
  const { where, isOwn } = place;
  const line: Line = { ...about, state: 'ok', found: where };
  if (isOwn) return [isPassphraseLost(root, env) ? { ...line, ...lost } : line];
  const isCloud = !/^(file|azblob|s3|gs|postgres):\/\//.test(where);
  if (isCloud) return [isLoggedIn(where, env) ? line : { ...line, state: 'missing', ...noToken }];
  const asks = passphrasesOf(root);
  const isMissing = asks.length > 0 && !isPassphraseGiven(env);
  return isMissing ? [line, { ...noPassphrase, found: `not set, and ${asks.join(' and ')} needs it` }] : [line];
}

const lost = {
  state: 'missing',
  found: '.perpetual/passphrase is gone, and .perpetual/state is encrypted with it',
  fix: 'bring it back, or set PULUMI_CONFIG_PASSPHRASE',
  exitCode: 3,
} as const;
const noToken = { fix: '"pulumi login", or set PULUMI_ACCESS_TOKEN', exitCode: 3 } as const;
const noPassphrase = {
  for: 'deploying',
  what: 'passphrase',
  state: 'missing',
  fix: 'set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE',
  exitCode: 3,
} as const;

/** As `pulumi login` leaves it behind; only that there is a token is looked at. */
function isLoggedIn(url: string, env: NodeJS.ProcessEnv): boolean {
  if (env.PULUMI_ACCESS_TOKEN) return true;
  try {
    const file = join(env.PULUMI_HOME || join(homedir(), '.pulumi'), 'credentials.json');
    return typeof JSON.parse(readFileSync(file, 'utf8')).accessTokens?.[url] === 'string';
  } catch {
    return false;
  }
}

/** The environments whose secrets are encrypted with a passphrase, which is so unless their settings name another keeper. */
function passphrasesOf(root: string): string[] {
  return environmentsIn(root).filter((environment) => {
    const file = join(root, `Pulumi.${environment}.yaml`);
    const keeper: unknown = existsSync(file) ? parse(readFileSync(file, 'utf8'))?.secretsprovider : undefined;
    return typeof keeper !== 'string' || keeper === 'passphrase';
  });
}

/** By which way, and whether what it needs is there; no value of it is read. */
function azureLine(env: NodeJS.ProcessEnv): Line {
  const about = { for: 'deploying', what: 'login to Azure' } as const;
  const { way, words, missing } = loginOf(env);
  if (missing.length > 0)
    return {
      ...about,
      state: 'missing',
      found: `${words}, without ${missing.join(', ')}`,
      fix: 'set what is missing',
      exitCode: 3,
    };
  if (way !== 'cli') return { ...about, state: 'ok', found: words };
  if (!onPath('az', env))
    return { ...about, state: 'missing', found: 'neither az nor ARM_CLIENT_ID', fix: azInstall, exitCode: 3 };
  return isLoggedInToAz(env)
    ? { ...about, state: 'ok', found: words }
    : { ...about, state: 'missing', found: 'nobody is logged in with az', fix: 'az login', exitCode: 3 };
}

/** The profile begins with a byte order mark. */
function isLoggedInToAz(env: NodeJS.ProcessEnv): boolean {
  try {
    const file = join(env.AZURE_CONFIG_DIR || join(homedir(), '.azure'), 'azureProfile.json');
    const { subscriptions } = JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
    return Array.isArray(subscriptions) && subscriptions.length > 0;
  } catch {
    return false;
  }
}

/** What single specs ask for: a login for their subscription, and kubelogin where Entra guards the cluster. */
function specLines(root: string, env: NodeJS.ProcessEnv): Line[] {
  return environmentsIn(root).flatMap((environment): Line[] => {
    const about = { for: 'deploying', what: environment, state: 'missing' } as const;
    const { plan } = compileStack(root, environment).compiled;
    const foreign = plan && foreignLogin(plan, env);
    const fix = `set ARM_SUBSCRIPTION_ID to that of ${environment}, or leave it out`;
    const hasEntra = plan?.resources.some(
      ({ type, inputs }) => type === 'azure-native:containerservice:ManagedCluster' && isPresent(inputs.aadProfile),
    );
    return [
      ...(foreign === undefined ? [] : [{ ...about, found: foreign, fix, exitCode: 3 }]),
      ...(hasEntra && !onPath('kubelogin', env)
        ? [
            {
              ...about,
              found: 'its cluster asks Entra, and kubelogin is not on PATH',
              fix: 'az aks install-cli',
              exitCode: 2,
            },
          ]
        : []),
    ];
  });
}
