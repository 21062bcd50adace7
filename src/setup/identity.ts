import type { Home } from './state.ts';
import { asText, az, outputOf, type Repository, type Step } from './step.ts';

/** An identity, with its numbers as outputs of that name. */
export function identity(name: string, variable: string, { group, region, subscription }: Home): Step[] {
  const of = ['--name', name, '--resource-group', group];
  const ask = (query: string, captures: string): Step => ({
    title: `the ${query} of ${name}`,
    command: az(subscription, 'identity', 'show', ...of, ...asText(query)),
    captures,
  });
  return [
    {
      title: `the identity ${name}`,
      command: az(subscription, 'identity', 'create', ...of, '--location', region, '--output', 'none'),
    },
    ask('principalId', `${variable}_PRINCIPAL_ID`),
    ask('clientId', `${variable}_CLIENT_ID`),
    ask('tenantId', `${variable}_TENANT_ID`),
  ];
}

/**
 * One credential for each form of the subject, because a repository sends only one of them. One after the other: Azure
 * refuses two writes on one identity at a time (ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity).
 */
export function federations(
  identityName: string,
  environment: string,
  { group, subscription }: Home,
  { owner, name: repo }: Repository,
): Step[] {
  const credential = (name: string, subject: string): Step => ({
    title: `GitHub's ${subject} may act as ${identityName}`,
    command: az(
      subscription,
      ...['identity', 'federated-credential', 'create', '--name', name],
      ...['--identity-name', identityName, '--resource-group', group],
      ...['--issuer', 'https://token.actions.githubusercontent.com', '--subject', subject],
      ...['--audiences', 'api://AzureADTokenExchange', '--output', 'none'],
    ),
  });
  const context = `environment:${environment}`;
  return [
    credential('github', `repo:${owner}/${repo}:${context}`),
    credential(
      'github-numbered',
      `repo:${owner}@${outputOf('OWNER_ID')}/${repo}@${outputOf('REPOSITORY_ID')}:${context}`,
    ),
  ];
}

const whoOf = (variable: string): string => outputOf(`${variable}_PRINCIPAL_ID`);

function assigned(subscription: string, who: string, role: string, scope: string, query = '[].id'): string[] {
  const where = ['--assignee', who, '--role', role, '--scope', scope];
  return az(subscription, 'role', 'assignment', 'list', ...where, ...asText(query));
}

function assign(subscription: string, who: string, role: string, scope: string, ...more: string[]): string[] {
  const principal = ['--assignee-object-id', who, '--assignee-principal-type', 'ServicePrincipal'];
  const where = ['--role', role, '--scope', scope];
  return az(subscription, 'role', 'assignment', 'create', ...principal, ...where, ...more, '--output', 'none');
}

export function assignment(
  subscription: string,
  variable: string,
  role: string,
  scope: string,
): Pick<Step, 'command' | 'probe'> {
  const who = whoOf(variable);
  return { probe: assigned(subscription, who, role, scope), command: assign(subscription, who, role, scope) };
}

/** An assignment can't get another condition: one that is not as it should be goes first. */
export function conditionalAssignment(
  subscription: string,
  variable: string,
  role: string,
  scope: string,
  condition: string,
  title: string,
): Step[] {
  const who = whoOf(variable);
  const probe = assigned(subscription, who, role, scope, `[?condition==\`${JSON.stringify(condition)}\`].id`);
  const former = ['--assignee', who, '--role', role, '--scope', scope, '--yes'];
  return [
    {
      title: 'an assignment with other limits goes',
      probe,
      command: az(subscription, 'role', 'assignment', 'delete', ...former),
      optional: 'there is none',
    },
    {
      title,
      probe,
      command: assign(subscription, who, role, scope, '--condition', condition, '--condition-version', '2.0'),
    },
  ];
}
