import type { Resource } from '../../plan.ts';
import { ofType } from '../../policy/references.ts';
import { object, text } from '../../views.ts';
import type { Existing } from '../existing.ts';
import { type Asking, type Found, type Place, type Question, same, whenAnswered } from '../question.ts';

type Availability = { nameAvailable: boolean; reason?: string; message?: string };
/** https://learn.microsoft.com/rest/api/keyvault/keyvault/vaults/get-deleted */
type DeletedVault = { properties: { vaultId?: string; location?: string; scheduledPurgeDate?: string } };

/** What has a name that is nobody else's in all of Azure, and where Azure says whether it is free. */
const worldwide = [
  {
    token: 'azure-native:keyvault:Vault',
    key: 'vaultName',
    what: 'vault',
    type: 'Microsoft.KeyVault/vaults',
    version: '2026-02-01',
  },
  {
    token: 'azure-native:storage:StorageAccount',
    key: 'accountName',
    what: 'storage account',
    type: 'Microsoft.Storage/storageAccounts',
    version: '2023-05-01',
  },
  {
    token: 'azure-native:containerregistry:Registry',
    key: 'registryName',
    what: 'container registry',
    type: 'Microsoft.ContainerRegistry/registries',
    version: '2023-07-01',
  },
] as const;

type Named = (typeof worldwide)[number];

/** Are the names free that must be unique in all of Azure? */
export const namesFree: Question = async (asking) => {
  if (asking.existing.listed.is === 'unknown') return [];
  const found = worldwide.flatMap((named) =>
    ofType(asking.resources, named.token).map((resource) => nameFree(asking, named, resource)),
  );
  return (await Promise.all(found)).flat();
};

async function nameFree(asking: Asking, named: Named, { name: resource, inputs }: Resource): Promise<Found[]> {
  const { arm, scope, region, existing } = asking;
  const { key, what, type, version } = named;
  const name = text(inputs[key]);
  // One that stands where ours is to stand is ours.
  if (name === undefined || existing.has(type, name)) return [];
  const place = { resource, input: key };
  const provider = `${scope}/providers/${type.split('/')[0]}`;
  const answer = await arm.post<Availability>(`${provider}/checkNameAvailability`, version, { name, type });
  const isTaken = answer.is === 'there' && !answer.value.nameAvailable;
  if (!isTaken || what !== 'vault')
    return whenAnswered(`whether "${name}" is free`, place, answer, function* (): Generator<Found> {
      if (isTaken) yield taken(what, name, place);
    });
  const path = `${provider}/locations/${region}/deletedVaults/${name}`;
  const deleted = await arm.get<DeletedVault>(path, version);
  return whenAnswered(`whether a deleted vault has the name "${name}"`, place, deleted, (vault) => [
    vault ? ofDeleted(asking, place, name, vault) : taken(what, name, place),
  ]);
}

const taken = (what: string, name: string, place: Place): Found => ({
  code: 'preflight/name-taken',
  severity: 'error',
  place,
  message: `the name "${name}" of the ${what} is taken`,
  help: 'change metadata.name or metadata.environment, of which the name is made',
});

/** A vault that went with this environment comes back with it; one of another group is in the way. */
function ofDeleted({ resources, existing }: Asking, place: Place, name: string, { properties }: DeletedVault): Found {
  const group = text(ofType(resources, 'azure-native:resources:ResourceGroup')[0]?.inputs.resourceGroupName) ?? '';
  const [, formerGroup = ''] = /\/resourceGroups\/([^/]+)\//i.exec(properties.vaultId ?? '') ?? [];
  const until = properties.scheduledPurgeDate?.slice(0, 10);
  const kept = until === undefined ? 'Azure keeps it' : `Azure keeps it until ${until}`;
  const isOurs = same(formerGroup, group);
  const about = { code: 'preflight/vault-deleted', place, note: kept } as const;
  if (isOurs && existing.group.is !== 'unknown')
    return {
      ...about,
      severity: 'info',
      message: `the vault "${name}" was deleted with this environment`,
      help: '"perpetual up" brings it back with its secrets',
    };
  return {
    ...about,
    severity: 'error',
    message: `the name "${name}" is kept by a vault that was deleted in the group "${formerGroup}"`,
    help: `az keyvault purge --name ${name}, which loses its secrets for good, or another metadata.name`,
  };
}

/** Are the groups there that the deployment makes, and whose are they? */
export const groupsOurs: Question = async ({ resources, region, existing }) => {
  const [group] = ofType(resources, 'azure-native:resources:ResourceGroup');
  const [cluster] = ofType(resources, 'azure-native:containerservice:ManagedCluster');
  if (!group) return [];
  const place = { resource: group.name, input: 'resourceGroupName' };
  const name = text(group.inputs.resourceGroupName);
  const environment = text(object(group.inputs.tags).environment);
  const nodes = text(cluster?.inputs.nodeResourceGroup);
  return [
    ...whenAnswered(`whether the group "${name}" is there`, place, existing.group, function* (found): Generator<Found> {
      if (!found) return;
      const { tags = {}, location } = found;
      const isOurs = tags['managed-by'] === 'perpetual' && tags.environment === environment;
      const about = { code: 'preflight/group-foreign', severity: 'error', place } as const;
      if (!isOurs)
        yield {
          ...about,
          message: `the group "${name}" is there already and is not of this environment`,
          note: 'its tags do not say managed-by: perpetual with this environment',
          help: 'name another one with azure.resourceGroup',
        };
      else if (!same(location, region))
        yield {
          ...about,
          message: `the group "${name}" is in ${location}, and a group never moves`,
          help: `write region: ${location}, or name another group with azure.resourceGroup`,
        };
    }),
    ...whenAnswered(
      `whether the group "${nodes}" is there`,
      place,
      existing.nodeGroup,
      function* (found): Generator<Found> {
        if (!found || existing.cluster.is !== 'absent') return;
        yield {
          code: 'preflight/group-foreign',
          severity: 'error',
          place,
          message: `the group "${nodes}" is there already, and AKS makes the group of the nodes itself`,
          help: 'delete it when nothing needs it any more, or name another group with azure.resourceGroup',
        };
      },
    ),
    ...unknownParts(existing, { resource: cluster?.name ?? group.name }, place),
  ];
};

/** What others of our questions can't be answered without: they say nothing then, and this says why. */
const unknownParts = ({ cluster, listed }: Existing, ofCluster: Place, ofGroup: Place): Found[] => [
  ...whenAnswered('the cluster, and with it its version, sizes and quota,', ofCluster, cluster, () => []),
  ...whenAnswered('what is in the group, and with it names, disks and addresses,', ofGroup, listed, () => []),
];
