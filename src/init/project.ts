import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { kubernetesStatus, kubernetesVersions } from '../catalog/kubernetes-versions.ts';
import { nearestAbove } from '../files.ts';
import { packageFolder, version } from '../version.ts';
import { filledTemplates, type NewFile } from './templates.ts';

/** What a new spec says; the rest is as the templates have it. */
export type Answers = {
  name: string;
  environment: string;
  stage: string;
  region: string;
  subscription: string;
  image: string;
  owner?: string | undefined;
  budgetUsd: number;
};

/** Where a project lies, each folder as an absolute path. */
export type Place = {
  folder: string;
  /** Of the git repository around it, or its own: where GitHub looks for workflows. */
  repository: string;
};

export function placeOf(folder: string): Place {
  const own = resolve(folder);
  const git = nearestAbove(join(own, 'here'), '.git');
  return { folder: own, repository: git === undefined ? own : dirname(git) };
}

/** All files of a project with one spec, by their absolute paths. */
export function projectFiles({ folder, repository }: Place, answers: Answers, today: string): NewFile[] {
  const below = posix(relative(repository, folder));
  const { peerDependencies: peers } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as {
    peerDependencies: Record<string, string>;
  };
  const files = filledTemplates({
    NAME: answers.name,
    ENVIRONMENT: answers.environment,
    STAGE: answers.stage,
    OWNER: answers.owner,
    SUBSCRIPTION: answers.subscription,
    REGION: answers.region,
    KUBERNETES: usualVersion(today),
    IMAGE: answers.image,
    BUDGET: answers.budgetUsd,
    START: `${today.slice(0, 8)}01`,
    PACKAGE: packageFrom(folder),
    VERSION: version,
    // What deploying takes besides; a check leaves it out.
    AZURE: peers['@pulumi/azure-native'],
    CLUSTER: peers['@pulumi/kubernetes'],
    POLICY: peers['@pulumi/policy'],
    PULUMI: peers['@pulumi/pulumi'],
    FOLDER: below === '' ? undefined : below,
    PREFIX: below === '' ? '' : `${below}/`,
  });
  const shipped = ['policies/config.yaml', 'policies/PulumiPolicy.yaml'].map((path) => ({
    path,
    text: readFileSync(join(packageFolder, path), 'utf8'),
  }));
  return [...files, ...shipped].map(({ path, text }) => ({
    path: join(path.startsWith('.github/') ? repository : folder, path),
    text,
  }));
}

export const specPath = ({ folder }: Place, environment: string): string =>
  join(folder, 'specs', environment, 'perpetual-node.yaml');

/** Lines that keep out of git what belongs to one machine: the state with its passphrase, and what npm installs. */
export const ignored = ['.perpetual/', 'node_modules/'];

/** The one before the newest, as Azure itself chooses; it has the patches that the newest still lacks. */
function usualVersion(today: string): string {
  const supported = kubernetesVersions().filter(({ minor }) => kubernetesStatus(minor, today) === 'supported');
  return (supported.at(-2) ?? supported.at(-1) ?? kubernetesVersions().at(-1))?.minor ?? '';
}

/** Does the project find the package: its program, its pack and the editor's schema? */
export const isInstalled = ({ folder }: Place): boolean =>
  existsSync(join(folder, packageFrom(folder), 'package.json'));

/** The way from a project to the package, with "/" at its end: what is installed there or above it, or will be. */
function packageFrom(folder: string): string {
  const installed = join('node_modules', 'perpetual-node');
  const found = nearestAbove(join(folder, 'here'), installed);
  if (found !== undefined) return `${posix(relative(folder, found))}/`;
  // In a clone of perpetual itself nothing is installed, because it is there.
  const isItself = existsSync(folder) && realpathSync(folder) === realpathSync(packageFolder);
  return isItself ? '' : `${posix(installed)}/`;
}

const posix = (path: string): string => path.split(sep).join('/');
