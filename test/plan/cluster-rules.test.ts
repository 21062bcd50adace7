import { Address4 } from 'ip-address';
import { describe, expect, it } from 'vitest';
import { everyOne, type Input } from '../support/plans.ts';

/** What Azure refuses of a cluster and its network, and no spec can ask for: docs/azure-rules.md names these tests. */

const clusters = () => everyOne('azure-native:containerservice:ManagedCluster');
const pools = (): { label: string; pool: Input }[] => [
  ...clusters().flatMap(({ label, inputs }) => inputs.agentPoolProfiles.map((pool: Input) => ({ label, pool }))),
  ...everyOne('azure-native:containerservice:AgentPool').map(({ label, inputs }) => ({ label, pool: inputs })),
];
const ref = (resource: string, output = 'id') => ({ $: { ref: resource, output } });

describe('a cluster', () => {
  it('has the tier Premium with long-term support, and neither without the other', () => {
    for (const { label, inputs, spec } of clusters()) {
      expect(inputs.sku, label).toEqual({ name: 'Base', tier: spec.cluster.tier });
      expect(inputs.supportPlan, label).toBe(
        spec.cluster.tier === 'Premium' ? 'AKSLongTermSupport' : 'KubernetesOfficial',
      );
    }
    expect(new Set(clusters().map(({ inputs }) => inputs.sku.tier))).toEqual(new Set(['Free', 'Standard', 'Premium']));
  });

  it('is not moved back from where its upgrade channel has brought it', () => {
    for (const { label, spec, resource } of clusters()) {
      const moves = !['none', 'node-image'].includes(spec.cluster.upgrades.channel);
      expect(resource.options.ignoreChanges ?? [], label).toEqual(
        moves ? expect.arrayContaining(['agentPoolProfiles[*].orchestratorVersion']) : [],
      );
    }
  });

  it('says which upgrades Azure makes by itself', () => {
    for (const { label, inputs, spec } of clusters())
      expect(inputs.autoUpgradeProfile, label).toEqual({
        upgradeChannel: spec.cluster.upgrades.channel,
        nodeOSUpgradeChannel: spec.cluster.upgrades.nodeOs,
      });
  });

  it('has maintenance windows that AKS acts upon, each with one weekly schedule', () => {
    const windows = everyOne('azure-native:containerservice:MaintenanceConfiguration');
    expect(new Set(windows.map(({ inputs }) => inputs.configName))).toEqual(
      new Set(['aksManagedAutoUpgradeSchedule', 'aksManagedNodeOSUpgradeSchedule']),
    );
    for (const { label, inputs } of windows) {
      const { durationHours, startTime, utcOffset, schedule } = inputs.maintenanceWindow;
      expect(durationHours, label).toBeGreaterThanOrEqual(4);
      expect(durationHours, label).toBeLessThanOrEqual(24);
      expect(startTime, label).toMatch(/^\d{2}:\d{2}$/);
      expect(utcOffset, label).toMatch(/^[-+]\d{2}:\d{2}$/);
      expect(Object.keys(schedule), label).toEqual(['weekly']);
      expect(schedule.weekly.intervalWeeks, label).toBe(1);
    }
  });

  it('says how often its image cleaner runs, when it has one', () => {
    for (const { label, inputs, spec } of clusters())
      expect(inputs.securityProfile.imageCleaner, label).toEqual(
        spec.cluster.imageCleanerHours === undefined
          ? undefined
          : { enabled: true, intervalHours: spec.cluster.imageCleanerHours },
      );
  });

  it('asks for no part that Azure has retired', () => {
    for (const { label, inputs } of clusters()) {
      expect(Object.keys(inputs.addonProfiles).sort(), label).toEqual(['azureKeyvaultSecretsProvider', 'omsagent']);
      for (const part of ['podIdentityProfile', 'serviceMeshProfile', 'ingressProfile', 'enablePodSecurityPolicy'])
        expect(inputs, label).not.toHaveProperty(part);
      expect(Object.keys(inputs.securityProfile), label).not.toContain('customCATrustCertificates');
    }
  });

  it('acts as an identity made for it, and as no service principal', () => {
    for (const { label, inputs, resources } of clusters()) {
      expect(inputs.identity, label).toEqual({
        type: 'UserAssigned',
        userAssignedIdentities: [ref('cluster-identity')],
      });
      expect(inputs, label).not.toHaveProperty('servicePrincipalProfile');
      expect(resources.map(({ name }) => name)).toContain('cluster-identity');
    }
  });

  it('loses its local accounts with Entra and not without', () => {
    const seen = new Set<boolean>();
    for (const { label, inputs } of clusters()) {
      const isEntra = inputs.aadProfile !== undefined;
      seen.add(isEntra);
      expect(inputs.disableLocalAccounts, label).toBe(isEntra);
      if (isEntra) expect(inputs.aadProfile, label).toMatchObject({ managed: true, enableAzureRBAC: true });
      expect(inputs.enableRBAC, label).toBe(true);
    }
    expect(seen.size).toBe(2);
  });

  it('issues tokens for pods, and has workload identity with it', () => {
    for (const { label, inputs } of clusters()) {
      expect(inputs.oidcIssuerProfile, label).toEqual({ enabled: true });
      expect(inputs.securityProfile.workloadIdentity, label).toEqual({ enabled: true });
    }
  });

  it('has a secrets store driver that does not poll', () => {
    const on = clusters().filter(({ inputs }) => inputs.addonProfiles.azureKeyvaultSecretsProvider.enabled);
    expect(on.length).toBeGreaterThan(0);
    for (const { label, inputs } of on)
      expect(inputs.addonProfiles.azureKeyvaultSecretsProvider.config, label).toEqual({
        enableSecretRotation: 'false',
      });
  });

  it('has no disks under keys of its own', () => {
    for (const { label, inputs } of clusters()) expect(inputs, label).not.toHaveProperty('diskEncryptionSetID');
  });

  it('leaves the group of its nodes to itself', () => {
    for (const { label, inputs, resources } of clusters()) {
      expect(inputs, label).not.toHaveProperty('nodeResourceGroupProfile');
      for (const { inputs: others, name } of resources)
        expect((others as Input).resourceGroupName, `${label}: ${name}`).not.toBe(inputs.nodeResourceGroup);
    }
  });
});

describe('a node pool', () => {
  it('says what it is: name, mode, kind and operating system, the first one a system pool', () => {
    for (const { label, pool } of pools()) {
      expect(pool.name ?? pool.agentPoolName, label).toMatch(/^[a-z][a-z0-9]{0,11}$/);
      expect(['System', 'User'], label).toContain(pool.mode);
      expect(pool, label).toMatchObject({ type: 'VirtualMachineScaleSets', osType: 'Linux', osSKU: 'Ubuntu' });
    }
    for (const { label, inputs } of clusters()) {
      expect(inputs.agentPoolProfiles, label).toHaveLength(1);
      expect(inputs.agentPoolProfiles[0], label).toMatchObject({ name: 'system', mode: 'System' });
    }
  });

  it('has no version of its own to fall behind with', () => {
    for (const { label, pool } of pools()) expect(pool, label).not.toHaveProperty('orchestratorVersion');
  });

  it('is not of spot machines', () => {
    for (const { label, pool } of pools())
      for (const key of ['scaleSetPriority', 'scaleSetEvictionPolicy', 'spotMaxPrice'])
        expect(pool, label).not.toHaveProperty(key);
  });

  it('has an OS disk that is managed, and says of which size', () => {
    for (const { label, pool } of pools()) {
      expect(pool.osDiskType, label).toBe('Managed');
      expect(pool.osDiskSizeGB, label).toBeGreaterThanOrEqual(30);
      expect(pool.osDiskSizeGB, label).toBeLessThanOrEqual(2048);
    }
  });

  it('grows by one node for an upgrade, and gives none up', () => {
    for (const { label, pool } of pools()) expect(pool.upgradeSettings, label).toEqual({ maxSurge: '1' });
  });

  it('has bounds only where the autoscaler may choose, and starts within them', () => {
    const scaled = pools().filter(({ pool }) => pool.enableAutoScaling);
    expect(scaled.length).toBeGreaterThan(0);
    for (const { label, pool } of pools()) {
      expect(pool.minCount === undefined, label).toBe(!pool.enableAutoScaling);
      expect(pool.maxCount === undefined, label).toBe(!pool.enableAutoScaling);
      if (pool.enableAutoScaling) expect(pool.count, label).toBeGreaterThanOrEqual(pool.minCount);
    }
  });

  it('is in one zone at most, the one of the data disk unless that is in all', () => {
    for (const { label, pool } of pools()) expect((pool.availabilityZones ?? []).length, label).toBeLessThan(2);
    for (const { label, inputs, resources } of clusters()) {
      const disk = resources.find(({ name }) => name.startsWith('data-disk'))?.inputs as Input;
      const nodes = inputs.agentPoolProfiles[0].availabilityZones;
      expect(disk.zones, label).toEqual(disk.sku.name.endsWith('_ZRS') ? undefined : nodes);
    }
  });

  it('gives its nodes no public address', () => {
    for (const { label, pool } of pools()) expect(pool.enableNodePublicIP, label).toBe(false);
  });

  it('is in the subnet of the plan, and so are all others', () => {
    for (const { label, pool } of pools()) expect(pool.vnetSubnetID, label).toEqual(ref('subnet'));
  });
});

describe('the network of a cluster', () => {
  it("is Azure's overlay with Cilium, whose engine enforces NetworkPolicies", () => {
    for (const { label, inputs } of clusters())
      expect(inputs.networkProfile, label).toMatchObject({
        networkPlugin: 'azure',
        networkPluginMode: 'overlay',
        networkDataplane: 'cilium',
        networkPolicy: 'cilium',
        loadBalancerSku: 'standard',
        outboundType: 'loadBalancer',
      });
  });

  it('says nothing of outbound addresses and ports: AKS chooses them', () => {
    for (const { label, inputs } of clusters())
      expect(Object.keys(inputs.networkProfile), label).not.toContain('loadBalancerProfile');
  });

  it('has ranges for Services and pods that are private, small enough and not reserved', () => {
    const reserved = ['169.254.0.0/16', '192.0.2.0/24', '172.30.0.0/16', '172.31.0.0/16'];
    for (const { label, inputs } of clusters()) {
      const { serviceCidr, podCidr, dnsServiceIP } = inputs.networkProfile;
      for (const range of [serviceCidr, podCidr]) {
        const own = new Address4(range);
        expect(own.subnetMask, label).toBeGreaterThanOrEqual(13);
        expect(own.isPrivate(), `${label}: ${range}`).toBe(true);
        for (const kept of reserved) {
          const other = new Address4(kept);
          expect(own.isInSubnet(other) || other.isInSubnet(own), `${label}: ${range}`).toBe(false);
        }
      }
      expect(new Address4(dnsServiceIP).isInSubnet(new Address4(serviceCidr)), label).toBe(true);
    }
  });

  it('is joined by an identity that may do so before the cluster exists', () => {
    for (const { label, resource, resources } of clusters()) {
      const grants = (resource.options.dependsOn ?? []).map(
        (name) => resources.find((each) => each.name === name)?.inputs as Input,
      );
      expect(grants, label).toContainEqual(
        expect.objectContaining({
          principalId: ref('cluster-identity', 'principalId'),
          scope: ref('resource-group'),
          roleDefinitionId: expect.stringMatching(/4d97b98b-1d4f-4787-a291-c67834d212e7$/),
        }),
      );
    }
  });

  it('has a subnet that is not delegated, has its network security group, and no other way out than that of AKS', () => {
    for (const { label, inputs } of everyOne('azure-native:network:Subnet')) {
      expect(inputs, label).not.toHaveProperty('delegations');
      expect(inputs.networkSecurityGroup, label).toEqual({ id: ref('network-security-group') });
      expect(inputs.defaultOutboundAccess, label).toBe(false);
    }
  });

  it('lists no parts that stand beside it: subnets are resources, rules and access policies are lists', () => {
    for (const { label, inputs } of everyOne('azure-native:network:VirtualNetwork'))
      expect(inputs, label).not.toHaveProperty('subnets');
    expect(everyOne('azure-native:network:SecurityRule', 'azure-native:keyvault:AccessPolicy')).toEqual([]);
  });
});

describe('what is reached from outside', () => {
  const services = () =>
    everyOne('kubernetes:core/v1:Service').filter(({ inputs }) => inputs.spec.type === 'LoadBalancer');

  it('is let through the network security group on the very ports of the load balancer', () => {
    expect(services().length).toBeGreaterThan(0);
    for (const { label, inputs, resources } of services()) {
      const group = resources.find(({ name }) => name === 'network-security-group')?.inputs as Input;
      for (const { port, protocol } of inputs.spec.ports)
        expect(group.securityRules, `${label}: ${port}`).toContainEqual(
          expect.objectContaining({
            direction: 'Inbound',
            access: 'Allow',
            protocol: `${protocol.charAt(0)}${protocol.slice(1).toLowerCase()}`,
            destinationPortRange: String(port),
            destinationAddressPrefix: '*',
          }),
        );
    }
  });

  it('uses the load balancer of AKS and none beside it', () => {
    expect(everyOne('azure-native:network:LoadBalancer')).toEqual([]);
  });

  it('has a public address that is standard and static', () => {
    const addresses = everyOne('azure-native:network:PublicIPAddress');
    expect(addresses.length).toBeGreaterThan(0);
    for (const { label, inputs } of addresses)
      expect(inputs, label).toMatchObject({
        sku: { name: 'Standard' },
        publicIPAllocationMethod: 'Static',
        publicIPAddressVersion: 'IPv4',
      });
  });

  it('names its address by annotations that the cloud provider knows, all of them texts', () => {
    const known =
      /^service\.beta\.kubernetes\.io\/azure-(load-balancer-(health-probe-(interval|num-of-probe)|resource-group|internal)|pip-name)$/;
    for (const { label, inputs } of services()) {
      expect(inputs.spec, label).not.toHaveProperty('loadBalancerIP');
      for (const [key, value] of Object.entries(inputs.metadata.annotations as Record<string, Input>)) {
        expect(key, label).toMatch(known);
        expect(typeof value === 'string' || '$' in value, `${label}: ${key}`).toBe(true);
      }
      const isInternal = 'service.beta.kubernetes.io/azure-load-balancer-internal' in inputs.metadata.annotations;
      expect(inputs.metadata.annotations['service.beta.kubernetes.io/azure-pip-name'], label).toEqual(
        isInternal ? undefined : ref('public-ip', 'name'),
      );
      expect(
        inputs.metadata.annotations['service.beta.kubernetes.io/azure-load-balancer-resource-group'],
        label,
      ).toEqual(isInternal ? undefined : ref('resource-group', 'name'));
    }
  });

  it('goes to the node that has the pod, which the load balancer asks over HTTP', () => {
    for (const { label, inputs } of services()) expect(inputs.spec.externalTrafficPolicy, label).toBe('Local');
  });

  it('is limited to the ranges of the spec by the Service too', () => {
    for (const { label, inputs, resource, spec } of services()) {
      const endpoint = resource.name.split('-')[1] as 'swarm' | 'gateway' | 'api';
      const { from } = spec.network.expose[endpoint];
      const isOpen = from.includes('internet') && !resource.name.endsWith('-internal');
      expect(inputs.spec.loadBalancerSourceRanges === undefined, `${label}: ${resource.name}`).toBe(isOpen);
    }
  });
});
