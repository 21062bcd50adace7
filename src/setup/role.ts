import { permissionsOf } from '../catalog/permissions.ts';
import { guidOf } from '../catalog/roles.ts';
import type { Resource } from '../plan.ts';
import { ofType } from '../policy/references.ts';
import { text } from '../views.ts';

/** A custom role as `az role definition create` takes it. */
export type RoleDefinition = {
  Name: string;
  IsCustom: true;
  Description: string;
  Actions: string[];
  AssignableScopes: string[];
};

/** What deploying a plan takes and nothing besides: everything may be read, and only its own types written. */
export const deployRole = (name: string, resources: readonly Resource[], subscription: string): RoleDefinition => ({
  Name: name,
  IsCustom: true,
  Description: 'What perpetual needs to deploy this environment',
  Actions: ['*/read', ...deployActions(resources)],
  AssignableScopes: [`/subscriptions/${subscription}`],
});

/** The actions that create, change and delete what is in a plan, sorted. */
export function deployActions(resources: readonly Resource[]): string[] {
  const actions = new Set<string>();
  for (const { type: token } of resources) {
    const { type, also = [] } = permissionsOf(token) ?? {};
    if (type === undefined) continue;
    for (const action of [`${type}/write`, `${type}/delete`, ...also]) actions.add(action);
  }
  return [...actions].sort();
}

/** The providers of Azure that have to be registered in the subscription; these two always are. */
export const providersOf = (resources: readonly Resource[]): string[] =>
  [...new Set(resources.flatMap(({ type }) => permissionsOf(type)?.type.split('/')[0] ?? []))]
    .filter((provider) => provider !== 'Microsoft.Authorization' && provider !== 'Microsoft.Resources')
    .sort();

/**
 * Who may give every role may become anybody: this condition holds a deployment to the roles that its plan gives.
 * https://learn.microsoft.com/azure/role-based-access-control/delegate-role-assignments-examples
 */
export function grantCondition(resources: readonly Resource[]): string {
  const guids = [
    ...new Set(
      ofType(resources, 'azure-native:authorization:RoleAssignment').map(({ inputs }) =>
        guidOf(text(inputs.roleDefinitionId) ?? ''),
      ),
    ),
  ].sort();
  const only = (action: 'write' | 'delete', from: '@Request' | '@Resource'): string => {
    const isOther = `!(ActionMatches{'Microsoft.Authorization/roleAssignments/${action}'})`;
    if (guids.length === 0) return `(${isOther})`;
    const role = `${from}[Microsoft.Authorization/roleAssignments:RoleDefinitionId]`;
    return `((${isOther}) OR (${role} ForAnyOfAnyValues:GuidEquals {${guids.join(', ')}}))`;
  };
  return `${only('write', '@Request')} AND ${only('delete', '@Resource')}`;
}
