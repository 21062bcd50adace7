import { githubSteps, idsOf } from './github.ts';
import { assignment, conditionalAssignment, federations, identity } from './identity.ts';
import { deployRole, grantCondition, providersOf } from './role.ts';
import { backendUrl, type Home, homeOf, stateScope, stateSteps } from './state.ts';
import { az, type Environment, outputOf, type Repository, type Step, variableOf } from './step.ts';

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
      ...identitySteps(environment, home, repository),
      ...githubSteps(environment, home, repository, environment.isProduction ? reviewers : []),
    ]),
    ...previewSteps(environments, home, repository),
  ];
}

/** A subscription has to know each of its providers once. */
function registrations(environments: readonly Environment[]): Step[] {
  return [...Map.groupBy(environments, ({ subscription }) => subscription)].flatMap(([subscription, all]) =>
    providersOf(all.flatMap(({ resources }) => resources)).map((provider) => ({
      title: `${provider} is registered`,
      command: az(subscription, 'provider', 'register', '--namespace', provider, '--wait'),
    })),
  );
}

function identitySteps(environment: Environment, home: Home, repository: Repository): Step[] {
  const { name, node, subscription, resources, github } = environment;
  const variable = variableOf(name);
  const role = deployRole(`perpetual deploy ${node} ${name}`, resources, subscription);
  const definition = JSON.stringify(role);
  const inRole = (verb: 'create' | 'update'): string[] =>
    az(subscription, 'role', 'definition', verb, '--role-definition', definition, '--output', 'none');
  return [
    ...identity(`${node}-${name}-deploy-id`, variable, home),
    ...federations(`${node}-${name}-deploy-id`, `environment:${github}`, 'environment', home, repository),
    {
      title: `the role that deploying ${name} takes`,
      probe: az(
        subscription,
        'role',
        'definition',
        'list',
        '--name',
        role.Name,
        '--query',
        '[].name',
        '--output',
        'tsv',
      ),
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
  ];
}

/** What pull requests are previewed with: it reads, and is nobody's who is not in this repository. */
function previewSteps(environments: readonly Environment[], home: Home, repository: Repository): Step[] {
  const name = `${home.node}-preview-id`;
  const scopes = [...new Set(environments.map(({ subscription }) => subscription))];
  const variable = (key: string, value: string): Step => ({
    title: `the workflows know ${key}`,
    command: ['gh', 'variable', 'set', key, '--repo', `${repository.owner}/${repository.name}`, '--body', value],
  });
  return [
    ...identity(name, 'PREVIEW', home),
    ...federations(name, 'pull_request', 'pull-request', home, repository),
    ...scopes.flatMap((subscription) =>
      ['Reader', 'Azure Kubernetes Service Cluster User Role'].map((role) => ({
        title: `pull requests are previewed with the role ${role}`,
        ...assignment(subscription, 'PREVIEW', role, `/subscriptions/${subscription}`),
      })),
    ),
    {
      title: 'and may read the state',
      ...assignment(home.subscription, 'PREVIEW', 'Storage Blob Data Reader', stateScope(home)),
    },
    variable('AZURE_PREVIEW_CLIENT_ID', outputOf('PREVIEW_CLIENT_ID')),
    variable('AZURE_TENANT_ID', outputOf('PREVIEW_TENANT_ID')),
    variable('PULUMI_BACKEND_URL', backendUrl(home)),
  ];
}
