import type { BlobServicePropertiesArgs, ManagementPolicyArgs } from '@pulumi/azure-native/storage/index.js';
import type { Resolved } from '../provider.ts';
import { badRequest } from './error.ts';
import { names } from './names.ts';
import { define, type Write } from './resource-type.ts';

type Rule = Resolved<ManagementPolicyArgs>['policy']['rules'][number];
type Account = { kind?: string; isHnsEnabled?: boolean; sku?: { name?: string } };

const invalidValues = (why: string) =>
  badRequest('InvalidValuesForRequestParameters', `Values for request parameters are invalid: ${why}`);

/** Ranges and what needs what: https://learn.microsoft.com/azure/storage/blobs/point-in-time-restore-overview and `…/soft-delete-blob-overview` */
export const blobServiceProperties = define<BlobServicePropertiesArgs>({
  path: '{group}/Microsoft.Storage/storageAccounts/{accountName}/blobServices/{blobServicesName}',
  name: names.onlyOne,
  always: true,
  check({ world, id, inputs }) {
    const { isHnsEnabled } = (world.get(accountOf(id))?.inputs ?? {}) as Account;
    const {
      deleteRetentionPolicy: deleted,
      containerDeleteRetentionPolicy: containers,
      restorePolicy,
      changeFeed,
    } = inputs;
    for (const [name, policy] of Object.entries({
      deleteRetentionPolicy: deleted,
      containerDeleteRetentionPolicy: containers,
    })) {
      if (policy?.enabled ? !isWithin(policy.days, 1, 365) : policy?.days !== undefined)
        throw invalidValues(`${name}.days: ${policy?.days} days, enabled: ${policy?.enabled ?? false}.`);
    }
    if (changeFeed?.retentionInDays !== undefined && !isWithin(changeFeed.retentionInDays, 1, 146000))
      throw invalidValues(`changeFeed.retentionInDays: ${changeFeed.retentionInDays}.`);
    if (isHnsEnabled && (inputs.isVersioningEnabled || restorePolicy?.enabled))
      throw badRequest('FeatureNotSupportedForAccount', 'Versioning is not supported with a hierarchical namespace.');
    if (!restorePolicy?.enabled) return;
    if (!inputs.isVersioningEnabled || !changeFeed?.enabled || !deleted?.enabled)
      throw invalidValues('restorePolicy needs versioning, the change feed and deleteRetentionPolicy.');
    if (!isWithin(restorePolicy.days, 1, (deleted.days ?? 0) - 1))
      throw invalidValues(`restorePolicy.days: ${restorePolicy.days} is not less than deleteRetentionPolicy.days.`);
  },
  outputs: ({ world, id }) => ({ sku: world.get(accountOf(id))?.outputs.sku }),
});

const isWithin = (value: number | undefined, least: number, most: number): boolean =>
  value !== undefined && Number.isInteger(value) && value >= least && value <= most;

const accountOf = (id: string): string => id.slice(0, id.search(/\/(blobServices|managementPolicies)\//i));

/** https://learn.microsoft.com/azure/storage/blobs/lifecycle-management-overview and `…/lifecycle-management-policy-structure` */
export const managementPolicy = define<ManagementPolicyArgs>({
  path: '{group}/Microsoft.Storage/storageAccounts/{accountName}/managementPolicies/{managementPolicyName}',
  name: names.onlyOne,
  check(write) {
    const { rules } = write.inputs.policy;
    if (rules.length === 0 || rules.length > 100)
      throw invalidValues(`policy: ${rules.length} rules instead of 1 to 100.`);
    const twice = rules.find(({ name }, index) => rules.findIndex((other) => other.name === name) < index);
    if (twice) throw invalidValues(`policy: the rule name '${twice.name}' is used twice.`);
    for (const rule of rules) checkRule(write, rule);
  },
  outputs: () => ({ lastModifiedTime: '2026-01-01T00:00:00Z' }),
});

function checkRule({ world, id }: Write<ManagementPolicyArgs>, rule: Rule): void {
  const account = (world.get(accountOf(id))?.inputs ?? {}) as Account;
  const refuse = (why: string) => invalidValues(`policy: rule '${rule.name}': ${why}`);
  if (!/^[A-Za-z0-9_-]{1,256}$/.test(rule.name)) throw refuse('a name has 1 to 256 letters, digits, - and _.');
  checkFilters(rule, refuse);
  const actions = actionsOf(rule);
  if (actions.length === 0) throw refuse('at least one action is needed.');
  const tiers = actions.filter(({ action }) => action !== 'delete');
  const types = rule.definition.filters?.blobTypes ?? [];
  if (tiers.length > 0 && types.some((type) => type !== 'blockBlob'))
    throw refuse(`${tiers[0]?.action} is for block blobs only; append blobs can just be deleted.`);
  if (tiers.length > 0 && account.kind === 'BlockBlobStorage') throw refuse('premium block blobs have no tiers.');
  if (tiers.some(({ action }) => action === 'tierToArchive') && /g?zrs$/i.test(account.sku?.name ?? ''))
    throw refuse(`the archive tier does not exist with ${account.sku?.name}.`);
  const tracking = world.get(`${accountOf(id)}/blobServices/default`)?.inputs as
    | Resolved<BlobServicePropertiesArgs>
    | undefined;
  for (const { path, days } of actions) {
    const given = Object.entries(days).filter(([key]) => key !== 'daysAfterLastTierChangeGreaterThan');
    if (given.length !== 1) throw refuse(`${path} needs exactly one age; ${given.length} are given.`);
    const wrong = Object.entries(days).find(([, value]) => !isWithin(value, 0, 99999));
    if (wrong) throw refuse(`${path}.${wrong[0]} is ${wrong[1]}, not a whole number of days from 0.`);
    if ('daysAfterLastAccessTimeGreaterThan' in days && !tracking?.lastAccessTimeTrackingPolicy?.enable)
      throw refuse(`${path} needs the tracking of access times, which the blob service has switched off.`);
  }
  const { enableAutoTierToHotFromCool: warms, tierToCool } = rule.definition.actions.baseBlob ?? {};
  if (warms && tierToCool?.daysAfterLastAccessTimeGreaterThan === undefined)
    throw refuse('enableAutoTierToHotFromCool needs tierToCool by the last access.');
}

function checkFilters({ definition }: Rule, refuse: (why: string) => Error): void {
  const { blobTypes = [], prefixMatch = [], blobIndexMatch = [] } = definition.filters ?? {};
  if (blobTypes.length === 0 || blobTypes.some((type) => type !== 'blockBlob' && type !== 'appendBlob'))
    throw refuse(`the blob types '${blobTypes.join()}' are not blockBlob or appendBlob.`);
  if (prefixMatch.length > 10 || blobIndexMatch.length > 10) throw refuse('a filter has at most 10 prefixes and tags.');
  for (const prefix of prefixMatch) {
    const [container = '', ...path] = prefix.split('/');
    const isContainer = names.blobContainer.pattern.test(container) || container === '$root';
    // Without a slash it is the beginning of names: `logs` means `logs-old` too.
    const isBeginning = path.length === 0 && /^[a-z0-9](-?[a-z0-9])*-?$/.test(container);
    if (!isContainer && !isBeginning) throw refuse(`the prefix '${prefix}' does not begin with a container's name.`);
  }
  if (blobIndexMatch.length > 0 && (definition.actions.snapshot || definition.actions.version))
    throw refuse('a filter by tags is not for snapshots and versions.');
}

type Action = { path: string; action: string; days: Record<string, number> };

function actionsOf({ definition }: Rule): Action[] {
  return Object.entries(definition.actions).flatMap(([on, actions]) =>
    Object.entries((actions ?? {}) as Record<string, Record<string, number> | boolean | undefined>)
      .filter((entry): entry is [string, Record<string, number>] => typeof entry[1] === 'object')
      .map(([action, days]) => ({ path: `${on}.${action}`, action, days })),
  );
}
