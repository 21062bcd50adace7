import { beforeAll, describe, expect, it } from 'vitest';
import { edited, plan, prepared, resourceOf, type Stages } from './fixture/fixture.ts';
import { Deployment } from './in-process.ts';
import type { Properties } from './provider.ts';
import { shapeFaults } from './shape-faults.ts';
import { declarationOf } from './shapes.ts';

type Changes = Record<string, unknown>;
const group = { $: { ref: 'resource-group', output: 'name' } };
const groupId = { $: { ref: 'resource-group', output: 'id' } };
const idOf = (ref: string) => ({ $: { ref, output: 'id' } });
const long = (length: number): string => 'a'.repeat(length);
const pool = (changes: Changes): Changes =>
  Object.fromEntries(Object.entries(changes).map(([key, value]) => [`agentPoolProfiles.0.${key}`, value]));
const network = (changes: Changes): Changes =>
  Object.fromEntries(Object.entries(changes).map(([key, value]) => [`networkProfile.${key}`, value]));
const vault = (changes: Changes): Changes =>
  Object.fromEntries(Object.entries(changes).map(([key, value]) => [`properties.${key}`, value]));

let stages: Stages;
beforeAll(async () => {
  stages = await prepared();
});

describe('what azure-native refuses before it asks Azure', () => {
  it.each<[string, Changes, string]>([
    ['data-disk', { diskSizeGb: 8 }, "unknown property 'diskSizeGb'"],
    ['data-disk', { creationData: undefined }, "missing required property 'creationData'"],
    ['data-disk', { diskSizeGB: '8' }, "'diskSizeGB' should be of type 'number' but got a string"],
    ['data-disk', { zones: '1' }, "'zones' should be of type 'array' but got a string"],
    ['data-disk', { osType: 'Plan9' }, "The value 'Plan9' of 'osType' is not one of 'Windows', 'Linux'"],
    ['cluster', pool({ vmsize: 'x' }), "unknown property 'agentPoolProfiles[0].vmsize'"],
    ['cluster', pool({ name: undefined }), "missing required property 'agentPoolProfiles[0].name'"],
    [
      'cluster',
      { 'addonProfiles.azureKeyvaultSecretsProvider.config.enableSecretRotation': false },
      "'addonProfiles.azureKeyvaultSecretsProvider.config.enableSecretRotation' should be of type 'string' but got a boolean",
    ],
    ['vault', { sku: { family: 'A', name: 'standard' } }, "unknown property 'sku'"],
    [
      'network-security-group',
      { 'securityRules.0.direction': undefined },
      "missing required property 'securityRules[0].direction'",
    ],
    ['grant-cluster-contributor-on-data-disk', { scope: undefined }, "missing required property 'scope'"],
  ])('%s: %j', async (name, changes, reason) => {
    const bed = stages.before(name);
    const resource = resourceOf(name);
    await expect(bed.create({ ...resource, inputs: edited(resource.inputs, changes) })).rejects.toThrow(reason);
  });

  it('wants a location, and takes the one of the group', async () => {
    const bed = stages.before('data-disk');
    const { inputs } = resourceOf('data-disk');
    const nowhere = edited(inputs, { location: undefined });
    await expect(
      bed.create({ ...resourceOf('data-disk'), inputs: edited(nowhere, { resourceGroupName: 'not-yet' }) }),
    ).rejects.toThrow("missing required property 'location'");
    const { outputs } = await bed.create({ ...resourceOf('data-disk'), inputs: nowhere });
    expect(outputs.location).toBe('eastus');
  });

  it('refuses types and functions nobody described', async () => {
    const bed = stages.deployed();
    await expect(bed.create({ type: 'azure-native:network:LoadBalancer', name: 'x', inputs: {} })).rejects.toThrow(
      'does not know "azure-native:network:LoadBalancer"',
    );
    await expect(bed.azure.invoke('azure-native:network:getVirtualNetwork', {})).rejects.toThrow('has no function');
  });
});

// One row: the rule, the resource of the fixture, what is changed in it, and what Azure answers.
const refusedCreations: [rule: string, resource: string, changes: Changes, code: string][] = [
  ['1 version out of support', 'cluster', { kubernetesVersion: '1.28' }, 'K8sVersionNotSupported'],
  ['1 version with LTS only', 'cluster', { kubernetesVersion: '1.33' }, 'K8sVersionNotSupported'],
  ['3 patch that does not exist', 'cluster', { kubernetesVersion: '1.35.99' }, 'K8sVersionNotSupported'],
  ['3 not a version', 'cluster', { kubernetesVersion: 'latest' }, 'InvalidParameter'],
  ['4 version not released', 'cluster', { kubernetesVersion: '1.37' }, 'K8sVersionNotSupported'],
  ['5 Premium without LTS', 'cluster', { 'sku.tier': 'Premium' }, 'InvalidParameter'],
  ['5 LTS without Premium', 'cluster', { supportPlan: 'AKSLongTermSupport' }, 'InvalidParameter'],
  ['6 unknown tier', 'cluster', { 'sku.tier': 'Basic' }, 'InvalidParameter'],
  ['8 pool ahead of the cluster', 'cluster', pool({ orchestratorVersion: '1.36' }), 'NodePoolMcVersionIncompatible'],
  ['10 unknown channel', 'cluster', { 'autoUpgradeProfile.upgradeChannel': 'weekly' }, 'InvalidParameter'],
  ['13 unknown OS', 'cluster', pool({ osSKU: 'Flatcar9' }), 'InvalidParameter'],
  [
    '16 image cleaner interval',
    'cluster',
    { 'securityProfile.imageCleaner': { enabled: true, intervalHours: 12 } },
    'InvalidParameter',
  ],
  ['18 pool name', 'cluster', pool({ name: 'System' }), 'InvalidParameter'],
  ['19 no system pool', 'cluster', pool({ mode: 'User' }), 'MustDefineAtLeastOneSystemPool'],
  ['19 no pool', 'cluster', { agentPoolProfiles: undefined }, 'MustDefineAtLeastOneSystemPool'],
  ['20 B1ms', 'cluster', pool({ vmSize: 'Standard_B1ms' }), 'SystemPoolSkuTooLow'],
  ['20 DS1_v2', 'cluster', pool({ vmSize: 'Standard_DS1_v2' }), 'SystemPoolSkuTooLow'],
  ['22 unknown size', 'cluster', pool({ vmSize: 'Standard_D2' + 'zz_v9' }), 'BadRequest'],
  ['23 size that is gone', 'cluster', pool({ vmSize: 'Standard_NV12s_v3' }), 'BadRequest'],
  ['24 no nodes', 'cluster', pool({ count: 0 }), 'InvalidParameter'],
  ['24 too many nodes', 'cluster', pool({ count: 1001 }), 'InvalidParameter'],
  ['26 maxPods below 10', 'cluster', pool({ maxPods: 5 }), 'InvalidParameter'],
  ['26 maxPods above 250', 'cluster', pool({ maxPods: 251 }), 'InvalidParameter'],
  ['26 less than 30 pods in all', 'cluster', pool({ maxPods: 29 }), 'InsufficientMaxPods'],
  ['29 bounds without autoscaling', 'cluster', pool({ minCount: 1, maxCount: 2 }), 'AutoScalingNotEnabled'],
  ['29 bounds upside down', 'cluster', pool({ enableAutoScaling: true, minCount: 3, maxCount: 2 }), 'InvalidParameter'],
  [
    '29 count outside bounds',
    'cluster',
    pool({ enableAutoScaling: true, minCount: 2, maxCount: 3 }),
    'InvalidParameter',
  ],
  ['30 Spot system pool', 'cluster', pool({ scaleSetPriority: 'Spot' }), 'MustNotBeTheSystemPool'],
  ['31 OS disk below 30', 'cluster', pool({ osDiskSizeGB: 29 }), 'InvalidParameter'],
  ['31 OS disk above 2048', 'cluster', pool({ osDiskSizeGB: 2049 }), 'InvalidParameter'],
  ['32 ephemeral disk without room', 'cluster', pool({ osDiskType: 'Ephemeral' }), 'InvalidParameter'],
  ['34 surge', 'cluster', pool({ upgradeSettings: { maxSurge: 'all' } }), 'InvalidParameter'],
  ['36 unknown zone', 'cluster', pool({ availabilityZones: ['4'] }), 'AvailabilityZoneNotSupported'],
  ['38 availability set', 'cluster', pool({ type: 'AvailabilitySet' }), 'InvalidParameter'],
  ['43 cluster name', 'cluster', { resourceName: 'aks-' }, 'InvalidParameter'],
  ['44 no dnsPrefix', 'cluster', { dnsPrefix: undefined }, 'InvalidParameter'],
  ['44 dnsPrefix', 'cluster', { dnsPrefix: 'perpetual_prod' }, 'InvalidParameter'],
  ['45 no identity', 'cluster', { identity: undefined }, 'InvalidParameter'],
  [
    '45 identity that does not exist',
    'cluster',
    { 'identity.userAssignedIdentities': ['/subscriptions/x/nothing'] },
    'FailedIdentityOperation',
  ],
  [
    '46 identity and service principal',
    'cluster',
    { servicePrincipalProfile: { clientId: 'abc', secret: 'def' } },
    'InvalidParameterConflictingProperties',
  ],
  [
    '47 node group is the group',
    'cluster',
    { nodeResourceGroup: 'perpetual-prod-rg' },
    'NodeResourceGroupSameAsResourceGroup',
  ],
  ['48 local accounts off without Entra', 'cluster', { disableLocalAccounts: true }, 'InvalidParameter'],
  [
    '51 private and ranges',
    'cluster',
    { apiServerAccessProfile: { authorizedIPRanges: ['1.2.3.4/32'], enablePrivateCluster: true } },
    'InvalidParameterConflictingProperties',
  ],
  [
    '51 a range that is none',
    'cluster',
    { apiServerAccessProfile: { authorizedIPRanges: ['office'] } },
    'InvalidParameter',
  ],
  [
    '53 workload identity without issuer',
    'cluster',
    { oidcIssuerProfile: undefined },
    'WorkloadIdentityRequiresOIDCIssuer',
  ],
  ['55 unknown add-on', 'cluster', { 'addonProfiles.keyvault': { enabled: true } }, 'AddonInvalid'],
  [
    '58 services over the subnet',
    'cluster',
    network({ serviceCidr: '10.20.0.0/16', dnsServiceIP: '10.20.0.10' }),
    'ServiceCidrOverlapExistingSubnetsCidr',
  ],
  [
    '59 service range too large',
    'cluster',
    network({ serviceCidr: '11.0.0.0/12', dnsServiceIP: '11.0.0.10' }),
    'InvalidParameter',
  ],
  ['60 DNS outside', 'cluster', network({ dnsServiceIP: '10.0.0.10' }), 'DnsServiceIpOutOfServiceCidr'],
  ['60 DNS first address', 'cluster', network({ dnsServiceIP: '172.16.0.0' }), 'DnsServiceIpOutOfServiceCidr'],
  ['61 reserved range', 'cluster', network({ podCidr: '172.30.0.0/16' }), 'InvalidParameter'],
  [
    '61 pods over reserved ranges',
    'cluster',
    network({ serviceCidr: '10.250.0.0/16', dnsServiceIP: '10.250.0.10', podCidr: '172.16.0.0/12' }),
    'InvalidParameter',
  ],
  ['62 pods over services', 'cluster', network({ podCidr: '172.16.0.0/16' }), 'PodCidrOverlapServiceCidr'],
  ['62 pods over the subnet', 'cluster', network({ podCidr: '10.20.0.0/16' }), 'PodCidrOverlapExistingSubnetsCidr'],
  ['62 no /24 for each node', 'cluster', network({ podCidr: '192.168.0.0/24' }), 'InsufficientPodCidr'],
  [
    '65 subnet too small',
    'cluster',
    { ...network({ networkPluginMode: undefined, podCidr: undefined }), ...pool({ count: 30 }) },
    'InsufficientSubnetSize',
  ],
  [
    '66 subnet that does not exist',
    'cluster',
    pool({ vnetSubnetID: '/subscriptions/x/virtualNetworks/y/subnets/z' }),
    'SubnetNotFound',
  ],
  [
    '67 cilium policy without dataplane',
    'cluster',
    network({ networkDataplane: 'azure' }),
    'NetworkPolicyNotSupported',
  ],
  ['70 basic load balancer', 'cluster', network({ loadBalancerSku: 'basic' }), 'InvalidLoadBalancerSku'],
  [
    '71 managed NAT in an own network',
    'cluster',
    network({ outboundType: 'managedNATGateway' }),
    'ManagedNATGatewayWithCustomVNetNotAllowed',
  ],
  ['75 subnet outside', 'subnet', { addressPrefix: '10.21.0.0/24' }, 'NetcfgInvalidSubnet'],
  ['75 host bits', 'subnet', { addressPrefix: '10.20.0.1/22' }, 'InvalidCIDRNotation'],
  ['75 not a range', 'subnet', { addressPrefix: '10.20.0.0' }, 'InvalidAddressPrefixFormat'],
  [
    '75 network with host bits',
    'virtual-network',
    { 'addressSpace.addressPrefixes': ['10.20.1.0/16'] },
    'InvalidCIDRNotation',
  ],
  [
    '75 spaces overlap',
    'virtual-network',
    { 'addressSpace.addressPrefixes': ['10.20.0.0/16', '10.20.4.0/24'] },
    'VnetAddressSpaceOverlaps',
  ],
  [
    '76 priority below 100',
    'network-security-group',
    { 'securityRules.0.priority': 99 },
    'SecurityRuleInvalidPriority',
  ],
  [
    '76 priority above 4096',
    'network-security-group',
    { 'securityRules.0.priority': 4097 },
    'SecurityRuleInvalidPriority',
  ],
  ['77 priority twice', 'network-security-group', { 'securityRules.0.priority': 2001 }, 'SecurityRuleConflict'],
  ['77 name twice', 'network-security-group', { 'securityRules.0.name': 'AllowSwarmUdp' }, 'InvalidRequestFormat'],
  ['78 rule name', 'network-security-group', { 'securityRules.0.name': 'Allow swarm' }, 'InvalidResourceName'],
  [
    '79 port list',
    'network-security-group',
    { 'securityRules.0.destinationPortRange': '80,443' },
    'SecurityRuleInvalidPortRange',
  ],
  [
    '79 port range upside down',
    'network-security-group',
    { 'securityRules.0.destinationPortRange': '90-80' },
    'SecurityRuleInvalidPortRange',
  ],
  [
    '79 port too high',
    'network-security-group',
    { 'securityRules.0.destinationPortRange': '65536' },
    'SecurityRuleInvalidPortRange',
  ],
  [
    '79 singular and plural',
    'network-security-group',
    { 'securityRules.0.destinationPortRanges': ['80'] },
    'SecurityRuleParameterConflict',
  ],
  [
    '79 neither',
    'network-security-group',
    { 'securityRules.0.sourcePortRange': undefined },
    'SecurityRuleParameterMissing',
  ],
  [
    '80 several tags',
    'network-security-group',
    { 'securityRules.2.sourceAddressPrefixes': ['Internet'] },
    'SecurityRuleParameterContainsUnsupportedValue',
  ],
  [
    '80 unknown tag',
    'network-security-group',
    { 'securityRules.0.sourceAddressPrefix': 'Everybody' },
    'SecurityRuleInvalidAddressPrefix',
  ],
  ['81 protocol', 'network-security-group', { 'securityRules.0.protocol': 'Sctp' }, 'InvalidParameter'],
  [
    '93 NSG that does not exist',
    'subnet',
    { 'networkSecurityGroup.id': '/subscriptions/x/networkSecurityGroups/y' },
    'InvalidResourceReference',
  ],
  ['96 Basic address', 'public-ip', { 'sku.name': 'Basic' }, 'IPv4BasicSkuPublicIpCountLimitReached'],
  ['96 no SKU means Basic', 'public-ip', { sku: undefined }, 'IPv4BasicSkuPublicIpCountLimitReached'],
  [
    '96 dynamic address',
    'public-ip',
    { publicIPAllocationMethod: 'Dynamic' },
    'StandardSkuPublicIPAddressesMustBeStatic',
  ],
  ['106 vault name too long', 'vault', { vaultName: long(25) }, 'VaultNameNotValid'],
  ['106 vault name with --', 'vault', { vaultName: 'perpetual--prod' }, 'VaultNameNotValid'],
  ['106 vault name ends in -', 'vault', { vaultName: 'perpetual-' }, 'VaultNameNotValid'],
  ['110 purge protection false', 'vault', vault({ enablePurgeProtection: false }), 'cannot be set to false'],
  ['109 soft delete off', 'vault', vault({ enableSoftDelete: false }), 'BadRequest'],
  ['109 retention', 'vault', vault({ softDeleteRetentionInDays: 6 }), 'BadRequest'],
  ['114 foreign tenant', 'vault', vault({ tenantId: '00000000-0000-0000-0000-000000000000' }), 'BadRequest'],
  [
    '114 no policies and no RBAC',
    'vault',
    vault({ accessPolicies: undefined, enableRbacAuthorization: false }),
    'accessPolicies',
  ],
  ['118 private range', 'vault', vault({ 'networkAcls.ipRules': [{ value: '10.0.0.0/8' }] }), 'forbidden range'],
  [
    '118 subnet that does not exist',
    'vault',
    vault({ 'networkAcls.virtualNetworkRules': [{ id: '/subscriptions/x/subnets/y' }] }),
    'VirtualNetworkNotValid',
  ],
  ['120 secret name', 'secret-github-token', { secretName: 'GITHUB_TOKEN' }, 'InvalidParameter'],
  ['120 secret too large', 'secret-github-token', { 'properties.value': long(25 * 1024 + 1) }, 'InvalidParameter'],
  ['127 size left out', 'data-disk', { diskSizeGB: undefined }, 'InvalidParameter'],
  ['127 size out of range', 'data-disk', { diskSizeGB: 40000 }, 'InvalidParameter'],
  ['128 unknown SKU', 'data-disk', { 'sku.name': 'Premium_GRS' }, 'InvalidParameter'],
  ['128 zone-redundant in a zone', 'data-disk', { 'sku.name': 'Premium_ZRS' }, 'InvalidParameter'],
  ['128 PremiumV2 without zone', 'data-disk', { 'sku.name': 'PremiumV2_LRS', zones: undefined }, 'InvalidParameter'],
  [
    '170 placeholder',
    'grant-cluster-contributor-on-data-disk',
    {
      roleDefinitionId:
        '/subscriptions/{subscription-id}/providers/Microsoft.Authorization/roleDefinitions/b24988ac-6180-42a0-ab88-20f7382dd24c',
    },
    'InvalidRoleDefinitionId',
  ],
  [
    '170 unknown role',
    'grant-cluster-contributor-on-data-disk',
    { roleDefinitionId: '/providers/Microsoft.Authorization/roleDefinitions/00000000-0000-0000-0000-000000000000' },
    'RoleDefinitionDoesNotExist',
  ],
  [
    '171 scope that does not exist',
    'grant-cluster-contributor-on-data-disk',
    {
      scope:
        '/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/perpetual-prod-rg/providers/Microsoft.ContainerRegistry/registries/none',
    },
    'ResourceNotFound',
  ],
  [
    '172 no principal type',
    'grant-cluster-contributor-on-data-disk',
    { principalType: undefined },
    'PrincipalNotFound',
  ],
  [
    '172 wrong principal type',
    'grant-cluster-contributor-on-data-disk',
    { principalType: 'User' },
    'UnmatchedPrincipalType',
  ],
  [
    '169 name is no GUID',
    'grant-cluster-contributor-on-data-disk',
    { roleAssignmentName: 'contributor' },
    'InvalidRoleAssignmentId',
  ],
  ['177 identity name', 'workload-identity', { resourceName: 'ab' }, 'InvalidResourceName'],
  ['178 two audiences', 'workload-federation', { audiences: ['a', 'b'] }, 'BadRequest'],
  ['178 issuer', 'workload-federation', { issuer: 'http://issuer' }, 'BadRequest'],
  ['182 group name', 'resource-group', { resourceGroupName: 'ends-with.' }, 'InvalidResourceGroup'],
  ['182 network name', 'virtual-network', { virtualNetworkName: 'v' }, 'InvalidResourceName'],
  ['182 subnet name', 'subnet', { subnetName: '-nodes' }, 'InvalidResourceName'],
  ['182 address name', 'public-ip', { publicIpAddressName: long(81) }, 'InvalidResourceName'],
  ['182 disk name', 'data-disk', { diskName: 'data disk' }, 'InvalidParameter'],
  ['184 tag name', 'resource-group', { 'tags.[a/b]': 'x' }, 'InvalidTagNameCharacters'],
  ['184 tag value', 'resource-group', { 'tags.note': long(257) }, 'InvalidTagValue'],
  ['184 tags that differ by case', 'resource-group', { 'tags.Owner': 'x' }, 'InvalidTagName'],
  [
    '184 too many tags',
    'resource-group',
    { tags: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`t${index}`, ''])) },
    'InvalidTags',
  ],
  ['185 unknown region', 'resource-group', { location: 'mars' }, 'LocationNotAvailableForResourceGroup'],
  ['185 unknown region', 'virtual-network', { location: 'mars' }, 'LocationNotAvailableForResourceType'],
  ['185 subnet in another region', 'cluster', { location: 'westus' }, 'AvailabilityZoneNotSupported'],
  ['missing group', 'virtual-network', { resourceGroupName: 'nowhere' }, 'ResourceGroupNotFound'],
  ['missing parent', 'subnet', { virtualNetworkName: 'nowhere' }, 'ParentResourceNotFound'],
  ['missing parent', 'secret-github-token', { vaultName: 'nowhere' }, 'ParentResourceNotFound'],
  ['missing parent', 'workload-federation', { resourceName: 'nowhere' }, 'ParentResourceNotFound'],
];

describe('what Azure refuses to create', () => {
  it.each(refusedCreations)('rule %s (%s)', async (_rule, name, changes, code) => {
    const bed = stages.before(name);
    const resource = resourceOf(name);
    await expect(bed.create({ ...resource, inputs: edited(resource.inputs, changes) })).rejects.toThrow(code);
  });

  it('66: a cluster whose identity has no rights on the subnet', async () => {
    const bed = stages.before('cluster');
    await bed.delete('grant-cluster-network-contributor-on-resource-group');
    await expect(bed.create(resourceOf('cluster'))).rejects.toThrow('LinkedAuthorizationFailed');
  });

  it('47: a node group that exists', async () => {
    const bed = stages.before('cluster');
    const inputs = { resourceGroupName: 'perpetual-prod-rg-nodes', location: 'eastus' };
    await bed.create({ type: 'azure-native:resources:ResourceGroup', name: 'nodes', inputs });
    await expect(bed.create(resourceOf('cluster'))).rejects.toThrow('NodeResourceGroupAlreadyExists');
  });

  it('118: a vault rule for a subnet without the service endpoint', async () => {
    const bed = stages.before('vault');
    await bed.update('subnet', edited(resourceOf('subnet').inputs, { serviceEndpoints: undefined }));
    await expect(bed.create(resourceOf('vault'))).rejects.toThrow('SubnetsHaveNoServiceEndpointsConfigured');
  });
});

// New resources beside the fixture.
const refusedAdditions: [rule: string, type: string, inputs: Properties, code: string][] = [
  [
    'exists',
    'resources:ResourceGroup',
    { resourceGroupName: 'Perpetual-Prod-RG', location: 'eastus' },
    'cannot create already existing resource',
  ],
  [
    '47 node group exists',
    'resources:ResourceGroup',
    { resourceGroupName: 'perpetual-prod-rg-nodes', location: 'eastus' },
    'cannot create already existing resource',
  ],
  [
    '75 subnets overlap',
    'network:Subnet',
    {
      resourceGroupName: group,
      virtualNetworkName: 'perpetual-prod-vnet',
      subnetName: 'more',
      addressPrefix: '10.20.2.0/24',
    },
    'NetcfgSubnetRangesOverlap',
  ],
  [
    '77 rule beside inline rules',
    'network:SecurityRule',
    {
      resourceGroupName: group,
      networkSecurityGroupName: 'perpetual-prod-nsg',
      securityRuleName: 'more',
      access: 'Allow',
      direction: 'Inbound',
      protocol: '*',
      priority: 2000,
      sourcePortRange: '*',
      destinationPortRange: '*',
      sourceAddressPrefix: '*',
      destinationAddressPrefix: '*',
    },
    'SecurityRuleConflict',
  ],
  [
    '36 zone in a region without',
    'network:PublicIPAddress',
    {
      resourceGroupName: group,
      location: 'westus',
      publicIpAddressName: 'x',
      sku: { name: 'Standard' },
      publicIPAllocationMethod: 'Static',
      zones: ['1'],
    },
    'AvailabilityZoneNotSupported',
  ],
  [
    '107 name made for a vault',
    'keyvault:Vault',
    {
      resourceGroupName: group,
      properties: {
        tenantId: { $: { invoke: 'azure-native:authorization:getClientConfig', output: 'tenantId' } },
        sku: { family: 'A', name: 'standard' },
        accessPolicies: [],
      },
    },
    'VaultNameNotValid',
  ],
  [
    '174 grant twice',
    'authorization:RoleAssignment',
    {
      scope: groupId,
      principalId: { $: { ref: 'cluster-identity', output: 'principalId' } },
      principalType: 'ServicePrincipal',
      roleDefinitionId: '/providers/Microsoft.Authorization/roleDefinitions/4d97b98b-1d4f-4787-a291-c67834d212e7',
    },
    'RoleAssignmentExists',
  ],
  [
    '178 issuer and subject twice',
    'managedidentity:FederatedIdentityCredential',
    { ...resourceOf('workload-federation').inputs, federatedIdentityCredentialResourceName: 'another' },
    'Conflict',
  ],
  [
    '210 pool',
    'containerservice:AgentPool',
    { resourceGroupName: group, resourceName: 'perpetual-prod-aks', agentPoolName: 'user', vmSize: 'Standard_B1s' },
    'VMSizeRestrictedByAKS',
  ],
  [
    '18 Windows pool name',
    'containerservice:AgentPool',
    { resourceGroupName: group, resourceName: 'perpetual-prod-aks', agentPoolName: 'windows1', osType: 'Windows' },
    'WindowsAgentPoolNameTooLong',
  ],
  [
    '11 maintenance name',
    'containerservice:MaintenanceConfiguration',
    { resourceGroupName: group, resourceName: 'perpetual-prod-aks', configName: 'weekly' },
    'InvalidParameter',
  ],
  [
    '12 maintenance duration',
    'containerservice:MaintenanceConfiguration',
    {
      resourceGroupName: group,
      resourceName: 'perpetual-prod-aks',
      configName: 'aksManagedAutoUpgradeSchedule',
      maintenanceWindow: {
        durationHours: 2,
        startTime: '02:00',
        schedule: { weekly: { dayOfWeek: 'Sunday', intervalWeeks: 1 } },
      },
    },
    'InvalidParameter',
  ],
  [
    '143 storage account name',
    'storage:StorageAccount',
    { resourceGroupName: group, accountName: 'Perpetual', kind: 'StorageV2', sku: { name: 'Standard_LRS' } },
    'AccountNameInvalid',
  ],
  [
    '145 ZRS without zones',
    'storage:StorageAccount',
    {
      resourceGroupName: group,
      location: 'westus',
      accountName: 'perpetual1',
      kind: 'StorageV2',
      sku: { name: 'Standard_ZRS' },
    },
    'InvalidSku',
  ],
  [
    '146 TLS',
    'storage:StorageAccount',
    {
      resourceGroupName: group,
      accountName: 'perpetual1',
      kind: 'StorageV2',
      sku: { name: 'Standard_LRS' },
      minimumTlsVersion: 'TLS1_0',
    },
    'InvalidMinimumTlsVersion',
  ],
  [
    '153 Free',
    'operationalinsights:Workspace',
    { resourceGroupName: group, workspaceName: 'logs', sku: { name: 'Free' } },
    "doesn't match the subscription's billing model",
  ],
  [
    '154 retention',
    'operationalinsights:Workspace',
    { resourceGroupName: group, workspaceName: 'logs', retentionInDays: 7 },
    'The value provided for retention is invalid',
  ],
  [
    '157 alert in the region of its group',
    'monitor:MetricAlert',
    { ...metricAlert(), location: undefined },
    'LocationNotAvailableForResourceType',
  ],
  [
    '159 window shorter than frequency',
    'monitor:MetricAlert',
    { ...metricAlert(), evaluationFrequency: 'PT15M' },
    'BadRequest',
  ],
  ['160 unknown metric', 'monitor:MetricAlert', metricAlert('cpu_percent'), "Couldn't find a metric named cpu_percent"],
  [
    '163 short name',
    'monitor:ActionGroup',
    { resourceGroupName: group, location: 'global', enabled: true, groupShortName: 'perpetual-operators' },
    'BadRequest',
  ],
  [
    '165 budget from the middle of a month',
    'consumption:Budget',
    budget({ startDate: '2026-11-15T00:00:00Z' }),
    'Invalid start date',
  ],
  [
    '165 budget from a past month',
    'consumption:Budget',
    budget({ startDate: '2026-10-01T00:00:00Z' }),
    'Invalid start date',
  ],
  [
    '166 nobody notified',
    'consumption:Budget',
    {
      ...budget(),
      notifications: { all: { enabled: true, operator: 'GreaterThan', threshold: 80, contactEmails: [] } },
    },
    'reaches nobody',
  ],
  [
    'registry name',
    'containerregistry:Registry',
    { resourceGroupName: group, registryName: 'my-registry', sku: { name: 'Basic' } },
    'InvalidParameter',
  ],
];

function metricAlert(metricName = 'node_cpu_usage_percentage'): Properties {
  return {
    resourceGroupName: group,
    location: 'global',
    enabled: true,
    severity: 2,
    evaluationFrequency: 'PT1M',
    windowSize: 'PT5M',
    scopes: [idOf('cluster')],
    criteria: {
      odataType: 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria',
      allOf: [
        {
          name: 'cpu',
          metricName,
          criterionType: 'StaticThresholdCriterion',
          operator: 'GreaterThan',
          threshold: 80,
          timeAggregation: 'Average',
        },
      ],
    },
  };
}

function budget(timePeriod: Properties = { startDate: '2026-11-01T00:00:00Z' }): Properties {
  return { scope: groupId, budgetName: 'monthly', amount: 50, category: 'Cost', timeGrain: 'Monthly', timePeriod };
}

describe('what Azure refuses beside what there is', () => {
  it.each(refusedAdditions)('rule %s (%s)', async (_rule, type, inputs, code) => {
    const bed = stages.deployed();
    await expect(bed.create({ type: `azure-native:${type}`, name: 'perpetual-keyvault', inputs })).rejects.toThrow(
      code,
    );
  });

  it('takes the same things when they are right', async () => {
    const bed = stages.deployed();
    const right: [string, Properties][] = [
      [
        'network:Subnet',
        {
          resourceGroupName: group,
          virtualNetworkName: 'perpetual-prod-vnet',
          subnetName: 'more',
          addressPrefix: '10.20.4.0/24',
        },
      ],
      [
        'containerservice:AgentPool',
        {
          resourceGroupName: group,
          resourceName: 'perpetual-prod-aks',
          agentPoolName: 'user',
          vmSize: 'Standard_D2as_v5',
          count: 1,
          mode: 'User',
        },
      ],
      [
        'containerservice:MaintenanceConfiguration',
        {
          resourceGroupName: group,
          resourceName: 'perpetual-prod-aks',
          configName: 'aksManagedAutoUpgradeSchedule',
          maintenanceWindow: {
            durationHours: 4,
            startTime: '02:00',
            schedule: { weekly: { dayOfWeek: 'Sunday', intervalWeeks: 1 } },
          },
        },
      ],
      [
        'operationalinsights:Workspace',
        { resourceGroupName: group, workspaceName: 'logs', sku: { name: 'PerGB2018' }, retentionInDays: 30 },
      ],
      ['monitor:MetricAlert', metricAlert()],
      [
        'monitor:ActionGroup',
        { resourceGroupName: group, location: 'global', enabled: true, groupShortName: 'operators' },
      ],
      ['consumption:Budget', budget()],
      [
        'storage:StorageAccount',
        { resourceGroupName: group, accountName: 'perpetual1', kind: 'StorageV2', sku: { name: 'Standard_LRS' } },
      ],
      ['authorization:ManagementLockByScope', { scope: idOf('data-disk'), lockName: 'keep', level: 'CanNotDelete' }],
    ];
    for (const [type, inputs] of right)
      await bed.create({ type: `azure-native:${type}`, name: `perpetual-${type.split(':')[1]}`, inputs });
    await expect(bed.delete('data-disk')).rejects.toThrow('ScopeLocked');
    await expect(bed.delete('resource-group')).rejects.toThrow('ScopeLocked');
  });
});

describe('changes', () => {
  // rule, resource, changes, and either the paths that force a replacement or the code of the refusal
  it.each<[string, string, Changes, string[] | string]>([
    ['97 sku of an address', 'public-ip', { 'sku.tier': 'Global' }, ['sku.tier']],
    ['97 location of an address', 'public-ip', { location: 'westus' }, ['location']],
    ['97 zones of an address', 'public-ip', { zones: ['1'] }, 'ResourceAvailabilityZonesCannotBeModified'],
    ['109 retention', 'vault', vault({ softDeleteRetentionInDays: 30 }), 'has been set already'],
    ['110 purge protection off', 'vault', vault({ enablePurgeProtection: false }), 'cannot be set to false'],
    ['location of a vault', 'vault', { location: 'westus' }, 'InvalidResourceLocation'],
    ['138 disk shrinks', 'data-disk', { diskSizeGB: 4 }, 'ResizeDiskError'],
    ['zone of a disk', 'data-disk', { zones: ['2'] }, 'PropertyChangeNotAllowed'],
    [
      '174 role of a grant',
      'grant-cluster-contributor-on-data-disk',
      { roleDefinitionId: '/providers/Microsoft.Authorization/roleDefinitions/4d97b98b-1d4f-4787-a291-c67834d212e7' },
      'RoleAssignmentUpdateNotPermitted',
    ],
    ['174 principal of a grant', 'grant-cluster-contributor-on-data-disk', { principalId: '0' }, ['principalId']],
    ['209 dnsPrefix', 'cluster', { dnsPrefix: 'other' }, ['dnsPrefix']],
    ['209 node group', 'cluster', { nodeResourceGroup: 'other' }, ['nodeResourceGroup']],
    ['209 service range', 'cluster', network({ serviceCidr: '172.20.0.0/16' }), ['networkProfile.serviceCidr']],
    ['209 policy', 'cluster', network({ networkPolicy: 'calico' }), ['networkProfile.networkPolicy']],
    ['211 size of an inline pool', 'cluster', pool({ vmSize: 'Standard_D4as_v5' }), 'PropertyChangeNotAllowed'],
    ['210 maxPods', 'cluster', pool({ maxPods: 50 }), 'PropertyChangeNotAllowed'],
    ['210 OS disk', 'cluster', pool({ osDiskSizeGB: 64 }), 'PropertyChangeNotAllowed'],
    ['210 zones', 'cluster', pool({ availabilityZones: ['2'] }), 'PropertyChangeNotAllowed'],
    ['211 pool renamed', 'cluster', pool({ name: 'other' }), 'cannot be removed through the cluster'],
    ['7 two minors at once', 'cluster', { kubernetesVersion: '1.33' }, 'K8sVersionNotSupported'],
    ['7 back', 'cluster', { kubernetesVersion: '1.34' }, 'OperationNotAllowed'],
    [
      '52 issuer off',
      'cluster',
      { 'oidcIssuerProfile.enabled': false, securityProfile: undefined },
      'OIDCIssuerFeatureCannotBeDisabled',
    ],
    ['subnet moved under nodes', 'subnet', { addressPrefix: '10.20.8.0/22' }, 'InUsePrefixCannotBeDeleted'],
    ['name', 'subnet', { subnetName: 'other' }, ['subnetName']],
  ])('rule %s', async (_rule, name, changes, outcome) => {
    const bed = stages.deployed();
    const update = bed.update(name, edited(resourceOf(name).inputs, changes));
    if (typeof outcome === 'string') await expect(update).rejects.toThrow(outcome);
    else expect((await update).replaces).toEqual(outcome);
  });

  it('in place where Azure allows it', async () => {
    const allowed: [string, Changes][] = [
      ['cluster', { kubernetesVersion: '1.36' }],
      ['cluster', pool({ count: 2 })],
      ['data-disk', { diskSizeGB: 16 }],
      ['network-security-group', { 'securityRules.0.priority': 300 }],
      ['vault', { 'tags.note': 'x' }],
    ];
    for (const [name, changes] of allowed) {
      const bed = stages.deployed();
      const { replaces } = await bed.update(name, edited(resourceOf(name).inputs, changes));
      expect(replaces).toEqual([]);
    }
  });

  it('2: a version that has left support meanwhile goes on running, and no new cluster gets it', async () => {
    const bed = new Deployment({ PERPETUAL_AS_OF: '2027-06-01' });
    bed.thaw(stages.deployed().freeze());
    const { inputs } = resourceOf('cluster');
    await bed.update('cluster', edited(inputs, { 'tags.note': 'x' }));
    await bed.delete('cluster');
    await expect(bed.create(resourceOf('cluster'))).rejects.toThrow('K8sVersionNotSupported');
  });

  it('an explicit name is freed before the replacement takes it, a made one is not', async () => {
    const { azure } = stages.deployed();
    const type = 'azure-native:network:PublicIPAddress';
    const address = { resourceGroupName: 'perpetual-prod-rg', location: 'eastus', sku: { name: 'Standard' } };
    const news = { ...address, location: 'westus' };
    const named = { ...address, publicIpAddressName: 'ip' };
    expect((await azure.diff({ type, name: 'ip', olds: named, news: { ...named, ...news } })).deleteBeforeReplace).toBe(
      true,
    );
    const made = (await azure.check({ type, name: 'ip', news: address })).inputs;
    expect((await azure.diff({ type, name: 'ip', olds: made, news: { ...made, ...news } })).deleteBeforeReplace).toBe(
      false,
    );
  });
});

describe('deletions', () => {
  it.each([
    ['network-security-group', 'InUseNetworkSecurityGroupCannotBeDeleted'],
    ['subnet', 'InUseSubnetCannotBeDeleted'],
    ['virtual-network', 'InUseSubnetCannotBeDeleted'],
    ['public-ip', 'PublicIPAddressCannotBeDeleted'],
    ['data-disk', 'OperationNotAllowed'],
  ])('%s in use: %s', async (name, code) => {
    await expect(stages.deployed().delete(name)).rejects.toThrow(code);
  });

  it('a vault keeps its name, takes its role assignments along and comes back as it was', async () => {
    const bed = stages.deployed();
    await bed.delete('vault');
    await expect(bed.create(resourceOf('vault'))).rejects.toThrow(
      'Status=409 Code="ConflictError" Message="A vault with the same name already exists in deleted state.',
    );
    const recovered = edited(resourceOf('vault').inputs, {
      'properties.createMode': 'recover',
      'properties.publicNetworkAccess': 'Disabled',
    });
    await bed.create({ ...resourceOf('vault'), inputs: recovered });
    const [vault] = bed.cloud.look(({ resources }) =>
      Object.values(resources).filter(({ type }) => type === 'azure-native:keyvault:Vault'),
    );
    expect(vault?.inputs.properties).toMatchObject({ publicNetworkAccess: 'Enabled' });
    expect(vault?.inputs.properties).not.toHaveProperty('createMode');
    await expect(bed.create(resourceOf('secret-github-token'))).rejects.toThrow('already existing resource');
    const assignments = bed.cloud.look(({ resources }) =>
      Object.keys(resources).filter((id) => /vaults\/.*roleassignments/i.test(id)),
    );
    expect(assignments).toEqual([]);
  });

  it('a vault that was never deleted is not recovered', async () => {
    const recovered = edited(resourceOf('vault').inputs, {
      'properties.createMode': 'recover',
      vaultName: 'never-there-before',
    });
    await expect(stages.deployed().create({ ...resourceOf('vault'), inputs: recovered })).rejects.toThrow(
      'Code="SoftDeletedVaultDoesNotExist"',
    );
  });

  it('a secret keeps its name', async () => {
    const bed = stages.deployed();
    await bed.delete('secret-github-token');
    await expect(bed.create(resourceOf('secret-github-token'))).rejects.toThrow('deleted but recoverable state');
  });

  it('a group takes all along, and an identity made anew is another one', async () => {
    const bed = stages.deployed();
    const before = bed.resources.get('cluster-identity')?.outputs.principalId;
    await bed.delete('cluster');
    await bed.delete('resource-group');
    expect(bed.cloud.look(({ resources }) => Object.keys(resources))).toEqual([]);
    await bed.create(resourceOf('resource-group'));
    expect((await bed.create(resourceOf('cluster-identity'))).outputs.principalId).not.toBe(before);
  });
});

describe('one at a time', () => {
  it('179: two federated credentials on one identity', async () => {
    const bed = stages.deployed();
    const another = (name: string, subject: string) =>
      bed.create({
        ...resourceOf('workload-federation'),
        name,
        inputs: edited(resourceOf('workload-federation').inputs, {
          federatedIdentityCredentialResourceName: name,
          subject,
        }),
      });
    const results = await Promise.allSettled([
      another('one', 'system:serviceaccount:a:a'),
      another('two', 'system:serviceaccount:b:b'),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const refused = results.find((result) => result.status === 'rejected');
    expect(String(refused?.reason)).toContain('ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity');
    await another('three', 'system:serviceaccount:c:c');
  });
});

describe('what the provider shows', () => {
  it('is what the SDK declares, for every resource of the fixture', async () => {
    const bed = stages.deployed();
    for (const [name, { type, outputs }] of bed.resources) {
      if (!type.startsWith('azure-native:')) continue;
      const declaration = await declarationOf(type);
      if (!declaration) throw new Error(type);
      const faults = shapeFaults(outputs, declaration.state, declaration.definitions).filter(
        ({ kind }) => kind !== 'choice',
      );
      expect(faults, name).toEqual([]);
    }
  });

  it('has the ids, addresses and spellings of Azure', () => {
    const bed = stages.deployed();
    const of = (name: string) => bed.resources.get(name)?.outputs;
    expect(of('cluster-identity')).toMatchObject({
      principalId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      clientId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      tenantId: expect.any(String),
    });
    expect(bed.resources.get('cluster-identity')?.id).toContain('/resourcegroups/');
    const cluster = of('cluster') as {
      identity: { userAssignedIdentities: object };
      oidcIssuerProfile: { issuerURL: string };
    };
    expect(Object.keys(cluster.identity.userAssignedIdentities)).toEqual([bed.resources.get('cluster-identity')?.id]);
    expect(cluster.oidcIssuerProfile.issuerURL).toMatch(/^https:\/\/eastus\.oic\.prod-aks\.azure\.com\/.*\/$/);
    expect(of('public-ip')?.ipAddress).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    const { vaultName } = resourceOf('vault').inputs;
    expect(of('vault')).toMatchObject({ properties: { vaultUri: `https://${vaultName}.vault.azure.net/` } });
    expect(JSON.stringify(of('secret-github-token'))).not.toContain('"value"');
  });

  it('is unknown at any depth while it does not exist', async () => {
    const { azure } = stages.deployed();
    const { outputs } = await azure.create({
      type: 'azure-native:containerservice:ManagedCluster',
      name: 'x',
      inputs: { oidcIssuerProfile: { enabled: true } },
      preview: true,
    });
    expect(outputs).toMatchObject({
      name: '04da6b54-80e4-46f7-96ec-b56ff0331ba9',
      oidcIssuerProfile: { enabled: true, issuerURL: '04da6b54-80e4-46f7-96ec-b56ff0331ba9' },
    });
  });

  it('is the same in every new cloud', async () => {
    const other = new Deployment({ PERPETUAL_AS_OF: '2026-11-22' });
    await other.deploy(plan, 'workload-federation');
    const first = stages.before('workload-federation');
    for (const [name, { id, outputs }] of other.resources)
      expect({ id, outputs }, name).toEqual({
        id: first.resources.get(name)?.id,
        outputs: first.resources.get(name)?.outputs,
      });
  });
});
