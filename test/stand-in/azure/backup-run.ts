import type { CloudState } from '../cloud.ts';
import { lastPart } from './arm-path.ts';
import { guid } from './world.ts';

type Instance = {
  dataSourceInfo: { resourceID: string };
  policyInfo: { policyParameters?: { dataStoreParametersList?: { resourceGroupId: string }[] } };
};

/**
 * What Azure Backup does at its hour: an incremental snapshot of every disk under backup, in the group that it may write
 * to. https://learn.microsoft.com/azure/backup/disk-backup-overview
 */
export function takeBackups(state: CloudState): string[] {
  const instances = Object.values(state.resources).filter(({ type }) =>
    type.endsWith(':dataprotection:BackupInstance'),
  );
  return instances.map(({ inputs }) => {
    const { dataSourceInfo, policyInfo } = inputs.properties as Instance;
    const disk = state.resources[dataSourceInfo.resourceID.toLowerCase()];
    const group = policyInfo.policyParameters?.dataStoreParametersList?.[0]?.resourceGroupId;
    if (!disk || !group) throw new Error('a disk is under backup that is not there, or its snapshots have no group');
    const name = `AzureBackup_${lastPart(disk.id)}_${guid(disk.id).slice(0, 8)}`;
    const id = `${group}/providers/Microsoft.Compute/snapshots/${name}`;
    const { location, diskSizeGB } = { ...disk.inputs, ...disk.outputs } as Record<string, unknown>;
    state.resources[id.toLowerCase()] = {
      id,
      type: 'azure-native:compute:Snapshot',
      inputs: { location, creationData: { createOption: 'Copy', sourceResourceId: disk.id }, incremental: true },
      outputs: { diskSizeGB, provisioningState: 'Succeeded' },
    };
    const contents = state.contents[disk.id.toLowerCase()];
    if (contents !== undefined) state.contents[id.toLowerCase()] = contents;
    return id;
  });
}
