import { guidOf, roleNameOf } from '../../catalog/roles.ts';
import type { Resource } from '../../plan.ts';
import { roleRightsOf } from '../../policy/role-rights.ts';
import { shellWord } from '../../shell-word.ts';
import { isPresent, object, referenceOf, text } from '../../views.ts';
import { type Home, isBelow, keyOf } from './home.ts';
import { type Added, inGroups, minuteOf, planned, type Question } from './question.ts';

const type = 'Microsoft.Authorization/roleAssignments';
const token = 'azure-native:authorization:RoleAssignment';

/** Azure gives these to its own add-ons, and they let nobody do more than report. */
const reporting = ['3913510d-42f4-4e42-8a64-420c390055eb', '66bb4e9e-b016-4a94-8249-4c0511c2be84'];

/**
 * Who was given a role in the environment's groups or on anything in them? What is inherited from the subscription is
 * whoever's that has it, and was there before: it is none of the environment's.
 * https://learn.microsoft.com/rest/api/authorization/role-assignments/list-for-resource-group
 */
export const rolesGiven: Question = (asking) => {
  const { home, plan } = asking;
  const promised = new Set(home.known.flatMap((each) => (each.type === token ? rightOf(each.inputs) : [])));
  const list = { what: 'roles', path: `/providers/${type}`, version: '2022-04-01' };
  return inGroups(asking, list, ({ id, properties }, group) => {
    const given = object(properties);
    const [own, scope] = [text(id), text(given.scope)];
    if (own === undefined || scope === undefined || !isBelow(scope, group) || home.isOurs(own, type)) return {};
    const isHarmless = reporting.includes(guidOf(text(given.roleDefinitionId) ?? ''));
    if (isHarmless || promised.has(rightOf(given))) return {};
    return { added: [assignment(home, plan, own, scope, given)] };
  });
};

/** Who may do what on what, whatever the assignment is called. */
const rightOf = ({ principalId, roleDefinitionId, scope }: Record<string, unknown>): string =>
  [text(principalId), guidOf(text(roleDefinitionId) ?? ''), text(scope)].map((each) => keyOf(each ?? '')).join(' ');

const kinds: Readonly<Record<string, string>> = {
  User: 'the user',
  Group: 'the group',
  ServicePrincipal: 'the service principal',
};

function assignment(
  home: Home,
  plan: readonly Resource[],
  id: string,
  scope: string,
  { principalId, principalType, roleDefinitionId, condition, createdOn, createdBy }: Record<string, unknown>,
): Added {
  const definition = text(roleDefinitionId) ?? '';
  const principal = text(principalId) ?? 'somebody';
  const identity = home.identity(principal);
  const who =
    identity === undefined ? `${kinds[text(principalType) ?? ''] ?? 'the principal'} ${principal}` : `"${identity}"`;
  const place = home.place(scope);
  const role = roleNameOf(definition);
  const when = text(createdOn);
  const by = text(createdBy);
  return {
    ...{ id, type, code: 'drift/rights', at: place.name },
    ...(opensVault(plan, place.name, definition) && { path: 'secrets.vault.access' }),
    message: `${who} was given the role "${role ?? guidOf(definition)}" on ${place.words}, which nobody promised`,
    why: [
      ...(when === undefined ? [] : [`given on ${minuteOf(when)}${by ? ` by ${by}` : ''}`]),
      ...(isPresent(condition) ? ['under a condition'] : []),
    ],
    away: `az role assignment delete --ids ${shellWord(id)}`,
    as: planned(token, id, {
      principalId: identity === undefined ? principal : { $: { ref: identity, output: 'principalId' } },
      principalType,
      roleDefinitionId: definition,
      scope,
      ...(isPresent(condition) && { condition }),
    }),
  };
}

/** Does it bear on what is in the vault? Who may read that is promised in one place. */
function opensVault(plan: readonly Resource[], at: string, definition: string): boolean {
  const vault = plan.find(({ type }) => type === 'azure-native:keyvault:Vault');
  if (!vault) return false;
  const place = plan.find(({ name }) => name === at);
  if (place === vault || referenceOf(place?.inputs.vaultName) === vault.name) return true;
  const reads = (roleRightsOf(definition, [])?.data.size ?? 0) > 0;
  return reads && referenceOf(vault.inputs.resourceGroupName) === at;
}
