import type { BackupPolicyArgs } from '@pulumi/azure-native/dataprotection/index.js';
import type { Resolved } from '../provider.ts';
import { badRequest } from './error.ts';
import { names } from './names.ts';
import { define } from './resource-type.ts';

type Policy = NonNullable<Resolved<BackupPolicyArgs>['properties']>;
type Rule = Policy['policyRules'][number];
type Backup = Extract<Rule, { objectType: 'AzureBackupRule' }>;
type Retention = Extract<Rule, { objectType: 'AzureRetentionRule' }>;

/** https://learn.microsoft.com/azure/backup/backup-managed-disks and `…/disk-backup-support-matrix` */
export const backupPolicy = define<BackupPolicyArgs>({
  path: '{group}/Microsoft.DataProtection/backupVaults/{vaultName}/backupPolicies/{backupPolicyName}',
  name: names.backupPolicy,
  check({ inputs, before }) {
    const { properties } = inputs;
    if (!properties) throw invalidPolicy('The properties of the policy are missing.');
    // https://github.com/MicrosoftDocs/azure-docs/issues/78532
    if (before && JSON.stringify(before.inputs.properties) !== JSON.stringify(properties))
      throw badRequest(
        'UserErrorBMSUpdatePolicyNotSupported',
        'Update of existing policy is not supported. Please create a new policy.',
      );
    if (properties.datasourceTypes.join() !== diskType)
      throw invalidPolicy(`The data source types ${properties.datasourceTypes.join()} are not ${diskType}.`);
    const backups = properties.policyRules.filter((rule): rule is Backup => rule.objectType === 'AzureBackupRule');
    const kept = properties.policyRules.filter((rule): rule is Retention => rule.objectType === 'AzureRetentionRule');
    const [backup] = backups;
    if (!backup || backups.length > 1) throw invalidPolicy('A policy for disks has exactly one backup rule.');
    const days = checkRetention(kept);
    checkBackup(backup, kept, days);
  },
  // https://github.com/hashicorp/terraform-provider-azurerm/issues/20774
  deletable(world, held) {
    const vault = held.id.slice(0, held.id.search(/\/backupPolicies\//i));
    const user = world
      .below(vault)
      .find(({ inputs }) => JSON.stringify(inputs).toLowerCase().includes(`"${held.id.toLowerCase()}"`));
    if (user)
      throw badRequest(
        'UserErrorDppPolicyObjectInUse',
        'Cannot delete the backup policy as one or more backup instances have been configured for protection with this policy.',
      );
  },
});

export const diskType = 'Microsoft.Compute/disks';

/** Returns how many days the default rule keeps a backup. */
function checkRetention(rules: readonly Retention[]): number {
  const usual = rules.filter(({ isDefault }) => isDefault);
  if (usual.length !== 1 || usual[0]?.name !== 'Default')
    throw invalidPolicy("Exactly one retention rule is the default, and its name is 'Default'.");
  const days = rules.map(({ name, lifecycles }) => {
    const [lifecycle] = lifecycles;
    if (!lifecycle || lifecycles.length > 1) throw invalidPolicy(`The retention rule '${name}' needs one lifecycle.`);
    if (lifecycle.sourceDataStore.dataStoreType !== 'OperationalStore')
      throw invalidPolicy(
        `Backups of disks stay in the OperationalStore, not in ${lifecycle.sourceDataStore.dataStoreType}.`,
      );
    if (lifecycle.sourceDataStore.objectType !== 'DataStoreInfoBase')
      throw invalidPolicy("The object type of a data store is 'DataStoreInfoBase'.");
    if ((lifecycle.targetDataStoreCopySettings ?? []).length > 0)
      throw invalidPolicy('Backups of disks are not copied to another data store.');
    const [, count, unit] = /^P(\d+)([DWMY])$/.exec(lifecycle.deleteAfter.duration) ?? [];
    const found = Number(count) * { D: 1, W: 7, M: 30, Y: 365 }[unit as 'D'];
    if (!(found >= 1)) throw invalidPolicy(`'${lifecycle.deleteAfter.duration}' is no duration in days.`);
    return found;
  });
  if (new Set(rules.map(({ name }) => name)).size < rules.length)
    throw invalidPolicy('The name of a retention rule is used twice.');
  return days[rules.findIndex(({ isDefault }) => isDefault)] ?? 0;
}

function checkBackup({ backupParameters, dataStore, trigger }: Backup, kept: readonly Retention[], days: number): void {
  if (backupParameters?.backupType !== 'Incremental')
    throw invalidPolicy(`Disks are backed up as 'Incremental', not as '${backupParameters?.backupType}'.`);
  if (dataStore.dataStoreType !== 'OperationalStore' || dataStore.objectType !== 'DataStoreInfoBase')
    throw invalidPolicy(
      `Backups of disks go to the OperationalStore (DataStoreInfoBase), not to ${dataStore.dataStoreType}.`,
    );
  if (trigger.objectType !== 'ScheduleBasedTriggerContext') throw invalidPolicy('Disks are backed up on a schedule.');
  const intervals = trigger.schedule.repeatingTimeIntervals;
  if (intervals.length !== 1) throw invalidPolicy('A schedule for disks has one repeating time interval.');
  const hours = hoursOf(intervals[0] ?? '');
  // Incremental snapshots: at most 500 of one disk, 50 of them for backups on demand.
  if ((days * 24) / hours > 450)
    throw invalidPolicy(`Every ${hours} hours for ${days} days makes more than 450 backups of a disk.`);
  const tags = trigger.taggingCriteria;
  const usual = tags.filter(({ isDefault }) => isDefault);
  if (usual.length !== 1 || usual[0]?.tagInfo.tagName !== 'Default')
    throw invalidPolicy("Exactly one tag is the default, and its name is 'Default'.");
  if (new Set(tags.map(({ taggingPriority }) => taggingPriority)).size < tags.length)
    throw invalidPolicy('A tagging priority is used twice.');
  for (const { isDefault, criteria = [], tagInfo } of tags) {
    if (!isDefault && criteria.length === 0) throw invalidPolicy(`The tag '${tagInfo.tagName}' has no criteria.`);
    if (!kept.some(({ name }) => name === tagInfo.tagName))
      throw invalidPolicy(`No retention rule is called '${tagInfo.tagName}', as a tag is.`);
  }
  const idle = kept.find(({ name }) => !tags.some(({ tagInfo }) => tagInfo.tagName === name));
  if (idle) throw invalidPolicy(`No tag is called '${idle.name}', as a retention rule is.`);
}

/** `R/2026-01-01T02:00:00+00:00/PT24H` */
function hoursOf(interval: string): number {
  const [, start = '', count, unit] =
    /^R\/(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[-+]\d\d:\d\d))\/P(?:T?)(\d+)([HDW])$/.exec(interval) ?? [];
  const isRight = interval.includes('/PT') === (unit === 'H') && !Number.isNaN(Date.parse(start));
  const hours = Number(count) * { H: 1, D: 24, W: 168 }[unit as 'H'];
  if (!isRight || ![1, 2, 4, 6, 8, 12, 24, 168].includes(hours))
    throw invalidPolicy(
      `'${interval}' does not repeat (R/<start>/<period>) every 1, 2, 4, 6, 8 or 12 hours, every day or every week.`,
    );
  return hours;
}

const invalidPolicy = (why: string) =>
  badRequest('BMSUserErrorInvalidPolicyInput', `Input for create or update policy is not in proper format. ${why}`);
