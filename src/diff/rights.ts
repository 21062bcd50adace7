import { roleNameOf } from '../catalog/roles.ts';
import type { Resource } from '../plan.ts';
import { ofType } from '../policy/references.ts';
import { items, object, referenceOf, text } from '../views.ts';

/** Who may do what on what: a role, or a permission of an access policy such as `secrets get`. */
export type Grant = { who: string; may: string; on: string };

/** Every right that a plan gives: by role assignments, and by the access policies of vaults. */
export function grantsOf(resources: readonly Resource[]): Grant[] {
  const all = [
    ...ofType(resources, 'azure-native:authorization:RoleAssignment').map(({ inputs }) => ({
      who: nameOf(inputs.principalId),
      may: roleNameOf(text(inputs.roleDefinitionId) ?? '') ?? nameOf(inputs.roleDefinitionId),
      on: nameOf(inputs.scope),
    })),
    ...ofType(resources, 'azure-native:keyvault:Vault').flatMap(({ name, inputs }) =>
      items(object(inputs.properties).accessPolicies).flatMap((entry) => permitted(object(entry), name)),
    ),
  ];
  return [...new Map(all.map((grant) => [JSON.stringify(grant), grant])).values()];
}

const permitted = ({ objectId, permissions }: Record<string, unknown>, on: string): Grant[] =>
  Object.entries(object(permissions)).flatMap(([kind, list]) =>
    items(list).map((each) => ({ who: nameOf(objectId), may: `${kind} ${text(each)?.toLowerCase()}`, on })),
  );

/** A resource of the plan by its name there, anything else as it is written. */
const nameOf = (value: unknown): string => referenceOf(value) ?? text(value) ?? 'what is known only while deploying';
