import { githubSteps, idsOf } from './github.ts';
import { assignment, conditionalAssignment, federations, identity } from './identity.ts';
import { deployRole, grantCondition, providersOf } from './role.ts';
import { backendUrl, type Home, homeOf, stateScope, stateSteps } from './state.ts';
import { asText, az, type Environment, type Repository, type Step, variableOf } from './step.ts';

/** All of it in order; every step can be repeated. */
export function setupSteps(
  environments: readonly Environment[],
  repository: Repository,
  reviewers: readonly string[],
): Step[] {
  const [first] = environments;
  if (!first) return [];
  const home = homeOf(first, repository);
  return [
    ...idsOf(repository),
    ...stateSteps(home),
    ...registrations(environments),
    ...environments.flatMap((environment) => [
      ...deploySteps(environment, home, repository, reviewers),
      ...previewSteps(environment, home, repository),
    ]),
    {
      title: 'the workflows know that all is set up',
      command: ['gh', 'variable', 'set', 'PULUMI_BACKEND_URL', ...of(repository), '--body', backendUrl(home)],
    },
  ];
}

const of = ({ owner, name }: Repository): string[] => ['--repo', `${owner}/${name}`];

/** A subscription has to know each of its providers once. */
function registrations(environments: readonly Environment[]): Step[] {
  return [...Map.groupBy(environments, ({ subscription }) => subscription)].flatMap(([subscription, all]) =>
    providersOf(all.flatMap(({ resources }) => resources)).map((provider) => ({
      title: `${provider} is registered`,
      command: az(subscription, 'provider', 'register', '--namespace', provider, '--wait'),
    })),
  );
}

function deploySteps(
  environment: Environment,
  home: Home,
  repository: Repository,
  reviewers: readonly string[],
): Step[] {
  const { name, node, subscription, resources, github, isProduction } = environment;
  const id = `${node}-${name}-deploy-id`;
  const variable = `${variableOf(name)}_DEPLOY`;
  const role = deployRole(`perpetual deploy ${node} ${name}`, resources, subscription);
  const definition = JSON.stringify(role);
  const inRole = (verb: 'create' | 'update'): string[] =>
    az(subscription, 'role', 'definition', verb, '--role-definition', definition, '--output', 'none');
  return [
    ...identity(id, variable, home),
    ...federations(id, github, home, repository),
    {
      title: `the role that deploying ${name} takes`,
      probe: az(subscription, 'role', 'definition', 'list', '--name', role.Name, ...asText('[].name')),
      command: inRole('create'),
      whenThere: inRole('update'),
    },
    ...conditionalAssignment(
      subscription,
      variable,
      role.Name,
      `/subscriptions/${subscription}`,
      grantCondition(resources),
      `the identity has the role, and may give others only the roles of ${name}`,
    ),
    {
      title: 'and may write the state',
      ...assignment(home.subscription, variable, 'Storage Blob Data Contributor', stateScope(home)),
    },
    ...githubSteps({ github, identity: variable, isProduction, reviewers }, environment, home, repository),
  ];
}

/** What pull requests are previewed with: it reads, and that only in runs of this repository. */
function previewSteps(environment: Environment, home: Home, repository: Repository): Step[] {
  const { name, node, subscription } = environment;
  const id = `${node}-${name}-preview-id`;
  const variable = `${variableOf(name)}_PREVIEW`;
  const github = `${name}-preview`;
  return [
    ...identity(id, variable, home),
    ...federations(id, github, home, repository),
    ...['Reader', 'Azure Kubernetes Service Cluster User Role'].map((role) => ({
      title: `${id} has the role ${role}`,
      ...assignment(subscription, variable, role, `/subscriptions/${subscription}`),
    })),
    {
      title: 'and may read the state',
      ...assignment(home.subscription, variable, 'Storage Blob Data Reader', stateScope(home)),
    },
    ...githubSteps({ github, identity: variable }, environment, home, repository),
  ];
}
