import type { ResourceGroupArgs } from '@pulumi/azure-native/resources/index.js';
import { lastPart } from './arm-path.ts';
import { checkEmpty } from './backup-vault.ts';
import { conflict } from './error.ts';
import { names } from './names.ts';
import { define } from './resource-type.ts';

export const resourceGroup = define<ResourceGroupArgs>({
  path: '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}',
  name: names.resourceGroup,
  replaceOn: ['location'],
  fixed: ['managedBy'],
  outputs: () => ({ properties: { provisioningState: 'Succeeded' } }),
  deletable(world, group) {
    for (const { id, type } of world.below(group.id))
      if (type === 'azure-native:dataprotection:BackupVault') checkEmpty(world, id, ['BackupInstance']);
    const managedBy = group.inputs.managedBy;
    if (typeof managedBy === 'string' && world.get(managedBy)) {
      throw conflict(
        'ResourceGroupManagedByAnotherResource',
        `The resource group '${lastPart(group.id)}' is managed by '${managedBy}' and goes when that is deleted.`,
      );
    }
  },
});
