import type { ManagementLockByScopeArgs, RoleAssignmentArgs } from '@pulumi/azure-native/authorization/index.js';
import { roleNameOf } from '../../../src/catalog/roles.ts';
import type { Resolved } from '../provider.ts';
import { subscriptionOf } from './arm-path.ts';
import { badRequest, conflict } from './error.ts';
import { names } from './names.ts';
import { define } from './resource-type.ts';

const assignmentType = 'azure-native:authorization:RoleAssignment';
const definition =
  /^(\/subscriptions\/[^/]+)?\/providers\/Microsoft\.Authorization\/roleDefinitions\/([0-9a-f-]{36})$/i;

/** https://learn.microsoft.com/azure/role-based-access-control/troubleshooting */
export const roleAssignment = define<RoleAssignmentArgs>({
  path: '{scope}/Microsoft.Authorization/roleAssignments/{roleAssignmentName}',
  name: names.roleAssignment,
  autoname: 'uuid',
  replaceOn: ['principalId', 'scope'],
  check({ world, id, inputs, before }) {
    if (before) {
      const changed = (['roleDefinitionId', 'principalType', 'condition', 'description'] as const).some(
        (key) => before.inputs[key] !== inputs[key],
      );
      if (changed)
        throw badRequest(
          'RoleAssignmentUpdateNotPermitted',
          'Tenant ID, application ID, principal ID, and scope are not allowed to be updated.',
        );
    }
    const subscription = subscriptionOf(inputs.roleDefinitionId);
    if (
      !definition.test(inputs.roleDefinitionId) ||
      (subscription && subscription.toLowerCase() !== world.account.subscriptionId.toLowerCase())
    ) {
      throw badRequest('InvalidRoleDefinitionId', `The role definition ID '${inputs.roleDefinitionId}' is not valid.`);
    }
    if (!roleNameOf(inputs.roleDefinitionId)) {
      throw badRequest(
        'RoleDefinitionDoesNotExist',
        `The specified role definition with ID '${inputs.roleDefinitionId}' does not exist.`,
      );
    }
    if (!names.roleAssignment.pattern.test(inputs.principalId)) {
      throw badRequest(
        'InvalidPrincipalId',
        `A valid principal ID must be provided for role assignment; '${inputs.principalId}' is not a GUID.`,
      );
    }
    const known = world.principals().get(inputs.principalId);
    // Even an identity made a moment ago is unknown to the directory for a while: the type makes Azure trust the caller.
    if (!inputs.principalType && known !== 'User') {
      throw badRequest(
        'PrincipalNotFound',
        `Principal ${inputs.principalId.replaceAll('-', '')} does not exist in the directory ${world.account.tenantId}. Check that you have the correct principal ID. If you are creating this principal and then immediately assigning a role, this error might be related to a replication delay. In this case, set the role assignment principalType property to a value, such as ServicePrincipal, User, or Group.`,
      );
    }
    if (known && inputs.principalType && inputs.principalType.toLowerCase() !== known.toLowerCase()) {
      throw badRequest(
        'UnmatchedPrincipalType',
        `The PrincipalId '${inputs.principalId}' has type '${known}' , which is different from specified PrinciaplType '${inputs.principalType}'.`,
      );
    }
    const twin = world.all(assignmentType).find((held) => {
      const other = held.inputs as Resolved<RoleAssignmentArgs>;
      const sameScope = other.scope.toLowerCase() === inputs.scope.toLowerCase();
      return (
        held.id.toLowerCase() !== id.toLowerCase() &&
        sameScope &&
        other.principalId === inputs.principalId &&
        roleOf(other) === roleOf(inputs)
      );
    });
    if (twin) throw conflict('RoleAssignmentExists', 'The role assignment already exists.');
  },
  outputs: ({ world }) => ({
    createdBy: world.account.objectId,
    updatedBy: world.account.objectId,
  }),
});

const roleOf = ({ roleDefinitionId }: { roleDefinitionId: string }): string =>
  roleDefinitionId.slice(-36).toLowerCase();

export const managementLock = define<ManagementLockByScopeArgs>({
  path: '{scope}/Microsoft.Authorization/locks/{lockName}',
  name: names.lock,
  check({ inputs }) {
    if (inputs.level === 'NotSpecified')
      throw badRequest('InvalidLockLevel', `The lock level '${inputs.level}' is not valid.`);
  },
});
