import { backendUrl, type Home } from './state.ts';
import { type Environment, outputOf, type Repository, type Step, variableOf } from './step.ts';

const passphrase = 'PULUMI_CONFIG_PASSPHRASE';

/** https://docs.github.com/actions/reference/security/oidc: newer subjects carry the numbers of owner and repository. */
export function idsOf({ owner, name }: Repository): Step[] {
  const ask = (field: string): string[] => ['gh', 'api', `repos/${owner}/${name}`, '--jq', field];
  return [
    { title: 'the number of the owner', command: ask('.owner.id'), captures: 'OWNER_ID' },
    { title: 'the number of the repository', command: ask('.id'), captures: 'REPOSITORY_ID' },
  ];
}

/** One of GitHub's environments, and the identity that its jobs act as. */
export type Jobs = { github: string; identity: string; reviewers?: readonly string[]; isProduction?: boolean };

/** An environment with what its jobs read: https://docs.github.com/rest/deployments/environments#create-or-update-an-environment */
export function githubSteps(
  { github, identity, reviewers = [], isProduction = false }: Jobs,
  { subscription, secrets }: Environment,
  home: Home,
  repository: Repository,
): Step[] {
  const place = ['--repo', `${repository.owner}/${repository.name}`, '--env', github];
  const variable = (key: string, value: string): Step => ({
    title: `${github} knows ${key}`,
    command: ['gh', 'variable', 'set', key, ...place, '--body', value],
  });
  const secret = (key: string): Step => ({
    title: `${github} has the secret ${key}`,
    command: ['gh', 'secret', 'set', key, ...place],
    stdin: key,
  });
  return [
    ...(isProduction
      ? protectedEnvironment(github, repository, reviewers)
      : [environment(github, repository, {}, `the environment ${github}`)]),
    variable('AZURE_CLIENT_ID', outputOf(`${identity}_CLIENT_ID`)),
    variable('AZURE_TENANT_ID', outputOf(`${identity}_TENANT_ID`)),
    variable('AZURE_SUBSCRIPTION_ID', subscription),
    variable('PULUMI_BACKEND_URL', backendUrl(home)),
    secret(passphrase),
    ...secrets.map(secret),
  ];
}

function environment(github: string, { owner, name }: Repository, settings: object, title: string): Step {
  const path = `repos/${owner}/${name}/environments/${github}`;
  return {
    title,
    command: ['gh', 'api', '--method', 'PUT', path, '--input', '-', '--silent'],
    // A number of GitHub's is no text.
    input: JSON.stringify(settings).replaceAll(/"(\$\{\w+\})"/g, '$1'),
  };
}

function protectedEnvironment(github: string, repository: Repository, reviewers: readonly string[]): Step[] {
  const branches = { deployment_branch_policy: { protected_branches: true, custom_branch_policies: false } };
  const people = reviewers.map((login) => `REVIEWER_${variableOf(login)}`);
  const waiting = {
    wait_timer: 5,
    ...(people.length > 0 && { reviewers: people.map((each) => ({ type: 'User', id: outputOf(each) })) }),
    ...branches,
  };
  const forWhom = people.length > 0 ? ', and for a reviewer' : '';
  return [
    environment(github, repository, branches, `${github} takes deployments from protected branches only`),
    ...reviewers.map((login, index) => ({
      title: `the number of ${login}`,
      command: ['gh', 'api', `users/${login}`, '--jq', '.id'],
      captures: people[index] as string,
    })),
    {
      ...environment(github, repository, waiting, `${github} waits five minutes${forWhom}`),
      optional: 'reviewers and timers need a public repository or GitHub Enterprise',
    },
  ];
}
