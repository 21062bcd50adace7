import { beforeAll, describe, expect, it } from 'vitest';
import { roleGuid } from '../../../src/catalog/roles.ts';
import { edited, prepared, resourceOf, type Stages } from '../fixture/fixture.ts';
import type { Deployment } from '../in-process.ts';
import type { Properties } from '../provider.ts';
import { at } from '../values.ts';
import { kubeconfigToken } from './functions.ts';

const admins = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';
const entra = { managed: true, enableAzureRBAC: true };
const group = { $: { ref: 'resource-group', output: 'name' } };

let stages: Stages;
beforeAll(async () => {
  stages = await prepared();
});

const create = (bed: Deployment, changes: Properties) =>
  bed.create({ ...resourceOf('cluster'), inputs: edited(resourceOf('cluster').inputs, changes) });
const update = (bed: Deployment, changes: Properties) =>
  bed.update('cluster', edited(resourceOf('cluster').inputs, changes));
const workspace = (bed: Deployment) =>
  bed.create({
    type: 'azure-native:operationalinsights:Workspace',
    name: 'logs',
    inputs: { resourceGroupName: group, workspaceName: 'logs', location: 'eastus', sku: { name: 'PerGB2018' } },
  });

describe('access to a cluster', () => {
  it.each<[string, Properties, string]>([
    ['no local accounts without Entra', { disableLocalAccounts: true }, 'InvalidParameter'],
    ['Entra without AKS', { aadProfile: { enableAzureRBAC: true } }, 'must be true'],
    ['applications of one’s own', { aadProfile: { managed: true, serverAppID: admins } }, 'must be true'],
    ['a group by its name', { aadProfile: { managed: true, adminGroupObjectIDs: ['admins'] } }, 'is not a GUID'],
  ])('refuses %s', async (_what, changes, code) => {
    await expect(create(stages.before('cluster'), changes)).rejects.toThrow(code);
  });

  it('is never taken from Entra again', async () => {
    const bed = stages.deployed();
    expect((await update(bed, { aadProfile: entra })).replaces).toEqual([]);
    await bed.delete('cluster');
    await create(bed, { aadProfile: entra });
    await expect(update(bed, {})).rejects.toThrow('PropertyChangeNotAllowed');
    expect((await update(bed, { aadProfile: { ...entra, adminGroupObjectIDs: [admins] } })).replaces).toEqual([]);
    expect((await update(bed, { aadProfile: entra, disableLocalAccounts: true })).replaces).toEqual([]);
  });
});

describe('the kubeconfig of an Entra cluster', () => {
  const asked = { resourceGroupName: 'perpetual-prod-rg', resourceName: 'perpetual-prod-aks' };
  const userConfig = async (bed: Deployment): Promise<string> => {
    const answer = await bed.azure.invoke('azure-native:containerservice:listManagedClusterUserCredentials', asked);
    return Buffer.from(String(at(answer, ['kubeconfigs', 0, 'value'])), 'base64').toString();
  };
  const namespace = (bed: Deployment, kubeconfig: string) => {
    bed.kubernetes.configure({ kubeconfig });
    return bed.create(resourceOf('namespace'));
  };
  const inEntra = async (aadProfile: Properties, changes: Properties = {}): Promise<[Deployment, string]> => {
    const bed = stages.before('cluster');
    await create(bed, { aadProfile, ...changes });
    return [bed, await userConfig(bed)];
  };

  it('holds no secret, but a program that asks for a device code', async () => {
    const [, config] = await inEntra(entra);
    expect(config).not.toContain(kubeconfigToken);
    expect(at(JSON.parse(config), ['users', 0, 'user', 'exec'])).toMatchObject({
      command: 'kubelogin',
      args: [
        ...['get-token', '--environment', 'AzurePublicCloud', '--server-id', '6dae42f8-4368-4678-94ff-960e28e3630e'],
        ...['--client-id', '80faf920-1908-4b52-b5ef-a8e7bedfc67a', '--tenant-id', expect.any(String)],
        ...['--login', 'devicecode'],
      ],
    });
  });

  it('leads in only with a login that asks nobody, and with rights', async () => {
    const [bed, config] = await inEntra(entra);
    await expect(namespace(bed, config)).rejects.toThrow('executable kubelogin failed with exit code 1');
    const silent = config.replace('devicecode', 'azurecli');
    await expect(namespace(bed, silent)).rejects.toThrow('User does not have access to the resource in Azure');
    await bed.create({
      type: 'azure-native:authorization:RoleAssignment',
      name: 'deployer',
      inputs: {
        scope: { $: { ref: 'cluster', output: 'id' } },
        principalId: { $: { invoke: 'azure-native:authorization:getClientConfig', output: 'objectId' } },
        roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${roleGuid('Azure Kubernetes Service RBAC Cluster Admin')}`,
      },
    });
    await namespace(bed, silent);
  });

  it('leads in whoever is in an admin group, and nobody without one', async () => {
    const [bed, config] = await inEntra({ managed: true, adminGroupObjectIDs: [admins] });
    await namespace(bed, config.replace('devicecode', 'workloadidentity'));
    const [other, same] = await inEntra({ managed: true });
    await expect(namespace(other, same.replace('devicecode', 'azurecli'))).rejects.toThrow('namespaces is forbidden');
  });

  it('has no rival once local accounts are off', async () => {
    const admin = 'azure-native:containerservice:listManagedClusterAdminCredentials';
    const [bed] = await inEntra(entra);
    const answer = await bed.azure.invoke(admin, asked);
    const local = Buffer.from(String(at(answer, ['kubeconfigs', 0, 'value'])), 'base64').toString();
    await namespace(bed, local);
    await update(bed, { aadProfile: entra, disableLocalAccounts: true });
    await expect(bed.azure.invoke(admin, asked)).rejects.toThrow('set to disable local accounts');
    await expect(namespace(bed, local)).rejects.toThrow('Unauthorized');
  });
});

describe('container insights', () => {
  const agent = (config?: Properties) => ({ 'addonProfiles.omsagent': { enabled: true, ...(config && { config }) } });

  it('needs a workspace that is there', async () => {
    const bed = stages.before('cluster');
    await expect(create(bed, agent())).rejects.toThrow('logAnalyticsWorkspaceResourceID is missing');
    await expect(create(bed, agent({ logAnalyticsWorkspaceResourceID: '/x' }))).rejects.toThrow(
      'Unable to get log analytics workspace info',
    );
  });

  it('runs as an identity that the cluster shows, like its nodes', async () => {
    const bed = stages.before('cluster');
    const { id } = await workspace(bed);
    const { outputs } = await create(bed, agent({ logAnalyticsWorkspaceResourceID: id, useAADAuth: 'true' }));
    const identity = { objectId: expect.any(String), clientId: expect.any(String), resourceId: expect.any(String) };
    expect(at(outputs, ['identityProfile', 'kubeletidentity'])).toEqual(identity);
    expect(at(outputs, ['addonProfiles', 'omsagent', 'identity'])).toEqual(identity);
  });
});
