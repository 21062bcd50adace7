import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';

/**
 * What `az` and `gh` do of which the setup makes use, over one file instead of Azure and GitHub. It refuses what they
 * refuse: what is there already where they don't replace it, and what belongs to something that is not there.
 */
type World = {
  groups: Record<string, unknown>;
  accounts: Record<string, { container?: boolean; versioning?: boolean; sharedKeys: string }>;
  providers: string[];
  identities: Record<string, { number: number; credentials: Record<string, string> }>;
  roles: Record<string, { Actions: string[]; AssignableScopes: string[] }>;
  assignments: { who: string; role: string; scope: string; condition?: string }[];
  environments: Record<string, unknown>;
  variables: Record<string, string>;
  secrets: Record<string, string>;
};

const file = process.env.STANDIN_WORLD as string;
const none: World = {
  groups: {},
  accounts: {},
  providers: [],
  identities: {},
  roles: {},
  assignments: [],
  environments: {},
  variables: {},
  secrets: {},
};
const world: World = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : none;

const words = process.argv.slice(2);
const option = (name: string): string => words[words.indexOf(`--${name}`) + 1] ?? '';
const has = (name: string): boolean => words.includes(`--${name}`);
appendFileSync(`${file}.log`, `${JSON.stringify([basename(process.argv[1] as string, '.ts'), ...words])}\n`);

class Refused extends Error {}
const refuse = (why: string): never => {
  throw new Refused(why);
};

const builtIn = [
  'Reader',
  'Azure Kubernetes Service Cluster User Role',
  'Storage Blob Data Contributor',
  'Storage Blob Data Reader',
];
const identityOf = (principal: string) =>
  Object.entries(world.identities).find(([, { number }]) => principal === `principal-${number}`)?.[0] ??
  refuse(`Cannot find user or service principal in graph database for '${principal}'.`);

function az(): string {
  const [first, second, third] = words;
  if (option('subscription') === '') refuse('Please run: az login');
  switch ([first, second, third?.startsWith('--') ? '' : third].filter(Boolean).join(' ')) {
    case 'group create':
      world.groups[option('name')] = {};
      return '';
    case 'provider register':
      if (!world.providers.includes(option('namespace'))) world.providers.push(option('namespace'));
      return '';
    case 'storage account create':
      if (!/^[a-z0-9]{3,24}$/.test(option('name'))) refuse('(AccountNameInvalid)');
      if (!world.groups[option('resource-group')]) refuse('(ResourceGroupNotFound)');
      world.accounts[option('name')] ??= { sharedKeys: option('allow-shared-key-access') };
      return '';
    case 'storage account blob-service-properties':
      (world.accounts[option('account-name')] ?? refuse('(ResourceNotFound)')).versioning = true;
      return '';
    case 'storage container-rm create':
      (world.accounts[option('storage-account')] ?? refuse('(ResourceNotFound)')).container = true;
      return '';
    case 'identity create':
      if (!world.groups[option('resource-group')]) refuse('(ResourceGroupNotFound)');
      world.identities[option('name')] ??= { number: Object.keys(world.identities).length + 1, credentials: {} };
      return '';
    case 'identity show': {
      const { number } = world.identities[option('name')] ?? refuse('(ResourceNotFound)');
      return `${option('query').replace(/Id$/, '')}-${option('query') === 'tenantId' ? 0 : number}`;
    }
    case 'identity federated-credential create': {
      const { credentials } = world.identities[option('identity-name')] ?? refuse('(ParentResourceNotFound)');
      const subject = option('subject');
      const clash = Object.entries(credentials).find(([name, known]) => known === subject && name !== option('name'));
      if (clash)
        refuse('(InvalidParameterValue) Issuer and subject combination already exists for this Managed Identity.');
      credentials[option('name')] = subject;
      return '';
    }
    case 'role definition list':
      return world.roles[option('name')] ? option('name') : '';
    case 'role definition create':
    case 'role definition update': {
      const { Name, ...role } = JSON.parse(option('role-definition'));
      const isThere = world.roles[Name] !== undefined;
      if (third === 'create' && isThere) refuse('(RoleDefinitionWithSameNameExists)');
      if (third === 'update' && !isThere) refuse('(RoleDefinitionDoesNotExist)');
      world.roles[Name] = role;
      return '';
    }
    case 'role assignment list': {
      const who = identityOf(option('assignee'));
      const [, condition] = /condition==`(.+)`/.exec(option('query')) ?? [];
      return world.assignments
        .filter((each) => each.who === who && each.role === option('role') && each.scope === option('scope'))
        .filter((each) => condition === undefined || each.condition === JSON.parse(condition))
        .map((_, index) => `id-${index}`)
        .join('\n');
    }
    case 'role assignment delete': {
      const who = identityOf(option('assignee'));
      const index = world.assignments.findIndex(
        (each) => each.who === who && each.role === option('role') && each.scope === option('scope'),
      );
      if (index < 0) refuse('No matched assignments were found to delete');
      world.assignments.splice(index, 1);
      return '';
    }
    case 'role assignment create': {
      const [who, role, scope] = [identityOf(option('assignee-object-id')), option('role'), option('scope')];
      const definition = world.roles[role];
      if (!definition && !builtIn.includes(role)) refuse(`Role '${role}' doesn't exist.`);
      if (definition && !definition.AssignableScopes.some((each) => scope.startsWith(each)))
        refuse('(RoleAssignmentScopeNotAssignableToRoleDefinition)');
      const [, account] = /storageAccounts\/([^/]+)/.exec(scope) ?? [];
      if (account !== undefined && !world.accounts[account]?.container) refuse('(ResourceNotFound)');
      if (world.assignments.some((each) => each.who === who && each.role === role && each.scope === scope))
        refuse('(RoleAssignmentExists)');
      world.assignments.push({ who, role, scope, ...(has('condition') && { condition: option('condition') }) });
      return '';
    }
  }
  return refuse(`'${words.slice(0, 3).join(' ')}' is misspelled or not recognized by the system.`);
}

function gh(): string {
  const [first, second, third] = words;
  const input = first === 'secret' || has('input') ? readFileSync(0, 'utf8') : '';
  if (first === 'api' && second === 'repos/example/node') return option('jq') === '.owner.id' ? '123' : '456';
  if (first === 'api' && second === 'users/ada') return '789';
  const [, environment] = words.join(' ').match(/repos\/example\/node\/environments\/(\S+)/) ?? [];
  if (first === 'api' && environment !== undefined) {
    const settings = JSON.parse(input) as { reviewers?: { id: unknown }[] };
    if (settings.reviewers?.some(({ id }) => typeof id !== 'number')) refuse('HTTP 422: Invalid request.');
    if (settings.reviewers && process.env.STANDIN_PLAN === 'free')
      refuse('HTTP 422: Failed to create the environment protection rule.');
    world.environments[environment] = settings;
    return '';
  }
  const place = has('env') ? `${option('env')}/${third}` : `${third}`;
  if (has('env') && !world.environments[option('env')]) refuse('HTTP 404: Not Found');
  if (first === 'variable' && second === 'set') world.variables[place] = option('body');
  else if (first === 'secret' && second === 'set') world.secrets[place] = input;
  else refuse(`unknown command "${words.join(' ')}"`);
  return '';
}

try {
  const fails = process.env.STANDIN_FAIL;
  if (fails !== undefined && words.join(' ').includes(fails)) refuse('(TooManyRequests) try again later');
  const said = basename(process.argv[1] as string).startsWith('gh') ? gh() : az();
  if (said !== '') process.stdout.write(`${said}\n`);
  writeFileSync(file, JSON.stringify(world, null, 1));
} catch (error) {
  if (!(error instanceof Refused)) throw error;
  process.stderr.write(`ERROR: ${error.message}\n`);
  process.exitCode = 1;
}
