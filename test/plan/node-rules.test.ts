import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Resource } from '../../src/plan.ts';
import { millicores } from '../../src/resources/pods.ts';
import { parsePath } from '../../src/spec/path.ts';
import { specSchema } from '../../src/spec/schema.ts';
import { at, limitsOf } from '../../src/spec/shape.ts';
import { everyOne, everyPlan, type Input, type Made } from '../support/plans.ts';

/** What Azure and Kubernetes refuse of the node, its data and its rights, and no spec can ask for: docs/azure-rules.md names these tests. */

const ref = (resource: string, output = 'id') => ({ $: { ref: resource, output } });
const refOf = (value: Input): string | undefined => value?.$?.ref;
const named = ({ resources }: Made, name: string): Input => resources.find((each) => each.name === name)?.inputs;
const ofType = ({ resources }: Made, type: string) => resources.filter((each) => each.type === type);
const nodes = () => everyOne('kubernetes:apps/v1:StatefulSet');
const podOf = (inputs: Input): Input => inputs.spec.template;

describe('a vault', () => {
  const vaults = () => everyOne('azure-native:keyvault:Vault');

  it('says who decides on access, whether it can be purged and for how long it keeps what is deleted', () => {
    for (const { label, inputs, spec } of vaults()) {
      const { enableRbacAuthorization, enablePurgeProtection, enableSoftDelete, accessPolicies } = inputs.properties;
      expect(typeof enableRbacAuthorization, label).toBe('boolean');
      // False is refused.
      expect(enablePurgeProtection, label).toBe(spec.metadata.stage === 'production' ? true : undefined);
      expect(enableSoftDelete, label).toBe(true);
      expect(inputs.properties.softDeleteRetentionInDays, label).toBe(spec.secrets.vault.softDeleteDays);
      if (enableRbacAuthorization) expect(accessPolicies, label).toEqual([]);
    }
    expect(new Set(vaults().map(({ inputs }) => inputs.properties.enableRbacAuthorization)).size).toBe(2);
  });

  it('lets the nodes in by their subnet, which has the endpoint for it', () => {
    for (const made of vaults()) {
      const { networkAcls, publicNetworkAccess } = made.inputs.properties;
      expect(networkAcls.virtualNetworkRules, made.label).toEqual([{ id: ref('subnet') }]);
      expect(publicNetworkAccess, made.label).toBe('Enabled');
      expect(named(made, 'subnet').serviceEndpoints, made.label).toContainEqual({ service: 'Microsoft.KeyVault' });
    }
  });

  it('keeps a secret that the spec no longer has, and gives it no tags', () => {
    for (const { label, inputs, resource } of everyOne('azure-native:keyvault:Secret')) {
      expect(resource.options.retainOnDelete, label).toBe(true);
      expect(inputs, label).not.toHaveProperty('tags');
      expect(inputs.properties.value.$, label).toHaveProperty('secret');
    }
  });

  it('is readable before the node starts, each secret by itself and nothing else', () => {
    for (const made of nodes()) {
      const waitsFor = made.resource.options.dependsOn ?? [];
      const vault = named(made, 'vault');
      if (!named(made, 'workload-identity') || !vault.properties.enableRbacAuthorization) continue;
      for (const { name } of ofType(made, 'azure-native:keyvault:Secret')) {
        const grant = made.resources.find(
          ({ inputs, type }) =>
            type.endsWith(':RoleAssignment') &&
            refOf(inputs.scope) === name &&
            refOf(inputs.principalId) === 'workload-identity',
        );
        expect(String(grant?.inputs.roleDefinitionId), made.label).toMatch(/4633458b-17de-408a-b874-0445c86b69e6$/);
        expect(waitsFor, made.label).toContain(grant?.name);
      }
    }
  });

  it('bears what the most starts of the node would read of it: 4,000 operations in ten seconds', () => {
    const most = (path: string): number => limitsOf(at(specSchema, parsePath(path)) as never).maximum ?? Number.NaN;
    const secrets = Math.max(...everyPlan().map((made) => ofType(made, 'azure-native:keyvault:Secret').length), 51);
    const tenSecondsOfAMonth = (730 * 60 * 60) / 10;
    expect((most('usage.podStarts') * secrets) / tenSecondsOfAMonth).toBeLessThan(4000);
    // And if all secrets are read at once.
    expect(secrets).toBeLessThan(4000);
  });
});

describe('a disk', () => {
  it('is of the plan, outside the nodes, and closed to export', () => {
    for (const { label, inputs, resource } of everyOne('azure-native:compute:Disk')) {
      expect(inputs, label).toMatchObject({ networkAccessPolicy: 'DenyAll', publicNetworkAccess: 'Disabled' });
      expect(['Empty', 'Copy', 'Restore'], label).toContain(inputs.creationData.createOption);
      expect(resource.options.retainOnDelete, label).toBe(true);
    }
  });

  it('is the very disk of the volume, and as large, and the cluster may attach it before the node starts', () => {
    for (const made of nodes()) {
      const disk = ofType(made, 'azure-native:compute:Disk')[0] as Resource;
      const volume = ofType(made, 'kubernetes:core/v1:PersistentVolume')[0]?.inputs as Input;
      const claim = made.resources.find(({ name }) => name.startsWith('data-claim'))?.inputs as Input;
      expect(volume.spec.csi.volumeHandle, made.label).toEqual(ref(disk.name));
      expect(volume.spec.csi.driver).toBe('disk.csi.azure.com');
      const size = `${disk.inputs.diskSizeGB}Gi`;
      expect([volume.spec.capacity.storage, claim.spec.resources.requests.storage], made.label).toEqual([size, size]);
      const grant = made.resources.find(
        ({ inputs, type }) => type.endsWith(':RoleAssignment') && refOf(inputs.scope) === disk.name,
      );
      expect(refOf(grant?.inputs.principalId), made.label).toBe('cluster-identity');
      expect(made.resource.options.dependsOn, made.label).toContain(grant?.name);
    }
  });

  it('is claimed by one pod at a time', () => {
    for (const { label, inputs } of everyOne(
      'kubernetes:core/v1:PersistentVolume',
      'kubernetes:core/v1:PersistentVolumeClaim',
    ))
      expect(inputs.spec.accessModes, label).toEqual(['ReadWriteOnce']);
    for (const { label, inputs } of nodes()) expect(inputs.spec, label).not.toHaveProperty('volumeClaimTemplates');
  });

  it('has a class with its kind spelled out, which waits for the pod and grows', () => {
    const classes = everyOne('kubernetes:storage.k8s.io/v1:StorageClass');
    for (const { label, inputs } of classes) {
      expect(Object.keys(inputs.parameters), label).toEqual(['skuName']);
      expect(inputs, label).toMatchObject({
        provisioner: 'disk.csi.azure.com',
        volumeBindingMode: 'WaitForFirstConsumer',
        allowVolumeExpansion: true,
      });
    }
    for (const { label, inputs } of classes.filter(({ resource }) => resource.name === 'storage-class'))
      expect(inputs.reclaimPolicy, label).toBe('Retain');
    for (const { label, inputs } of everyOne('kubernetes:core/v1:PersistentVolume'))
      expect(inputs.spec.persistentVolumeReclaimPolicy, label).toBe('Retain');
  });

  it('is backed up when the spec says so and not otherwise', () => {
    const seen = new Set<boolean>();
    for (const made of everyPlan()) {
      const asked = made.spec.storage.backups?.enabled === true;
      seen.add(asked);
      const kinds = made.resources.map(({ type }) => type).filter((type) => type.includes(':dataprotection:'));
      expect(kinds.length, made.label).toBe(asked ? 3 : 0);
    }
    expect(seen.size).toBe(2);
  });
});

describe('what can not be got back', () => {
  it('is protected in production', () => {
    const lasting = [
      'azure-native:compute:Disk',
      'azure-native:containerregistry:Registry',
      'azure-native:keyvault:Vault',
      'azure-native:network:PublicIPAddress',
      'azure-native:storage:StorageAccount',
    ];
    const found = everyOne(...lasting);
    expect(new Set(found.map(({ resource }) => resource.type))).toEqual(new Set(lasting));
    for (const { label, resource, spec } of found)
      expect(resource.options.protect === true, `${label}: ${resource.name}`).toBe(
        spec.metadata.stage === 'production',
      );
    for (const { label, resource, spec } of everyOne('kubernetes:core/v1:PersistentVolumeClaim'))
      if (resource.name.startsWith('data-claim'))
        expect(resource.options.protect === true, label).toBe(spec.metadata.stage === 'production');
  });
});

describe('a storage account', () => {
  it('is closed to keys, strangers, other tenants and old TLS', () => {
    const accounts = everyOne('azure-native:storage:StorageAccount');
    expect(accounts.length).toBeGreaterThan(0);
    for (const { label, inputs } of accounts)
      expect(inputs, label).toMatchObject({
        kind: 'StorageV2',
        minimumTlsVersion: 'TLS1_2',
        allowBlobPublicAccess: false,
        allowSharedKeyAccess: false,
        allowCrossTenantReplication: false,
        enableHttpsTrafficOnly: true,
        networkRuleSet: { defaultAction: 'Deny' },
      });
  });

  it('has a lifecycle that deletes what is old', () => {
    for (const made of everyOne('azure-native:storage:StorageAccount')) {
      const policy = named(made, 'log-storage-lifecycle');
      expect(policy.managementPolicyName, made.label).toBe('default');
      const [{ type, definition }] = policy.policy.rules;
      expect(type).toBe('Lifecycle');
      expect(definition.filters.blobTypes.length, made.label).toBeGreaterThan(0);
      expect(definition.actions.baseBlob.delete.daysAfterModificationGreaterThan, made.label).toBe(
        made.spec.storage.logs?.keepDays,
      );
    }
  });
});

describe('monitoring', () => {
  it('has a workspace with a cap, which something writes to', () => {
    const workspaces = everyOne('azure-native:operationalinsights:Workspace');
    expect(workspaces.length).toBeGreaterThan(0);
    for (const made of workspaces) {
      expect(made.inputs.sku, made.label).toEqual({ name: 'PerGB2018' });
      expect(made.inputs.workspaceCapping.dailyQuotaGb, made.label).toBeGreaterThan(0);
      expect(named(made, 'container-logs').destinations.logAnalytics, made.label).toEqual([
        { name: 'workspace', workspaceResourceId: ref('workspace') },
      ]);
      expect(named(made, 'cluster').addonProfiles.omsagent.enabled, made.label).toBe(true);
    }
  });

  it('has alerts on metrics with all that Azure asks of them, of one kind for ever', () => {
    const alerts = everyOne('azure-native:monitor:MetricAlert');
    expect(alerts.length).toBeGreaterThan(0);
    for (const { label, inputs } of alerts) {
      expect(inputs, label).toMatchObject({ location: 'global', enabled: true, scopes: [ref('cluster')] });
      expect(inputs.criteria.odataType, label).toBe('Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria');
      expect(inputs.criteria.allOf, label).toEqual([
        {
          name: 'threshold',
          criterionType: 'StaticThresholdCriterion',
          metricName: expect.stringMatching(/^[a-z_]+$/),
          metricNamespace: 'Microsoft.ContainerService/managedClusters',
          operator: 'GreaterThan',
          threshold: expect.any(Number),
          timeAggregation: 'Average',
        },
      ]);
      expect(inputs, label).not.toHaveProperty('skipMetricValidation');
    }
  });

  it('warns before the disk is full where the spec asks for it', () => {
    for (const made of everyPlan())
      expect(named(made, 'alert-disk-filling') !== undefined, made.label).toBe(made.spec.storage.growth !== undefined);
  });

  it('tells people by receivers with a name of their own', () => {
    for (const { label, inputs } of everyOne('azure-native:monitor:ActionGroup')) {
      const names = inputs.emailReceivers.map(({ name }: Input) => name);
      expect(new Set(names).size, label).toBe(names.length);
      expect(inputs, label).toMatchObject({ location: 'global', enabled: true });
    }
  });

  it('has a budget that sees the group of the nodes, and begins once', () => {
    const budgets = everyOne('azure-native:consumption:Budget');
    expect(budgets.length).toBeGreaterThan(0);
    for (const made of budgets) {
      const { scope, category, timeGrain, amount, filter, notifications, timePeriod } = made.inputs;
      expect(scope, made.label).toBe(`/subscriptions/${made.spec.azure.subscription}`);
      expect([category, timeGrain], made.label).toEqual(['Cost', 'Monthly']);
      expect(amount, made.label).toBeGreaterThan(0);
      expect(filter.dimensions.values, made.label).toContain(named(made, 'cluster').nodeResourceGroup);
      expect(timePeriod.startDate, made.label).toMatch(/-01T00:00:00Z$/);
      expect(made.resource.options, made.label).toMatchObject({
        replaceOnChanges: ['timePeriod'],
        deleteBeforeReplace: true,
      });
      expect(Object.keys(notifications).length, made.label).toBeLessThanOrEqual(5);
      for (const { contactEmails } of Object.values(notifications) as Input[])
        expect(contactEmails.length, made.label).toBeGreaterThan(0);
    }
  });
});

describe('a right', () => {
  const grants = () => everyOne('azure-native:authorization:RoleAssignment');

  it('is given once, to a kind of principal that is said, under a name that azure-native makes', () => {
    for (const { label, inputs } of grants()) {
      expect(['User', 'Group', 'ServicePrincipal'], label).toContain(inputs.principalType);
      expect(inputs, label).not.toHaveProperty('roleAssignmentName');
      expect(inputs.roleDefinitionId, label).toMatch(
        /^\/subscriptions\/[^/{]+\/.*\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
      );
    }
    for (const made of everyPlan()) {
      const given = ofType(made, 'azure-native:authorization:RoleAssignment').map(({ inputs }) =>
        JSON.stringify([inputs.principalId, inputs.roleDefinitionId, inputs.scope]).toLowerCase(),
      );
      expect(new Set(given).size, made.label).toBe(given.length);
    }
  });

  it('is held by what uses it: the cluster attaches, the kubelet pulls, the pods read', () => {
    const holders: Record<string, RegExp> = {
      '4d97b98b-1d4f-4787-a291-c67834d212e7': /"cluster-identity".*"principalId"/,
      '7f951dda-4ed3-4680-a7ca-43fe172d538d': /"cluster".*"identityProfile\.kubeletidentity\.objectId"/,
    };
    const seen = new Set<string>();
    for (const { label, inputs } of grants()) {
      const role = String(inputs.roleDefinitionId).split('/').at(-1) as string;
      const holder = holders[role];
      if (!holder) continue;
      seen.add(role);
      expect(JSON.stringify(inputs.principalId), label).toMatch(holder);
    }
    expect(seen).toEqual(new Set(Object.keys(holders)));
  });

  it('of a pod is trusted to its very service account, one credential for each identity', () => {
    const credentials = everyOne('azure-native:managedidentity:FederatedIdentityCredential');
    expect(credentials.length).toBeGreaterThan(0);
    for (const made of credentials) {
      const { issuer, subject, audiences } = made.inputs;
      expect(issuer, made.label).toEqual(ref('cluster', 'oidcIssuerProfile.issuerURL'));
      expect(audiences, made.label).toEqual(['api://AzureADTokenExchange']);
      const accounts = ofType(made, 'kubernetes:core/v1:ServiceAccount').map(
        ({ inputs }) =>
          `system:serviceaccount:${named(made, 'namespace').metadata.name}:${(inputs as Input).metadata.name}`,
      );
      expect(accounts, made.label).toContain(subject);
    }
    for (const made of everyPlan()) {
      const identities = ofType(made, 'azure-native:managedidentity:FederatedIdentityCredential').map(({ inputs }) =>
        refOf(inputs.resourceName),
      );
      expect(new Set(identities).size, made.label).toBe(identities.length);
    }
  });

  it('of a pod comes with the label and the annotation that give it its token', () => {
    const acting = everyOne('kubernetes:apps/v1:StatefulSet', 'kubernetes:apps/v1:Deployment').filter(
      ({ inputs }) => podOf(inputs).metadata.labels['azure.workload.identity/use'] !== undefined,
    );
    expect(acting.length).toBeGreaterThan(0);
    for (const made of acting) {
      expect(podOf(made.inputs).metadata.labels['azure.workload.identity/use'], made.label).toBe('true');
      const account = named(made, refOf(podOf(made.inputs).spec.serviceAccountName) as string);
      expect(refOf(account.metadata.annotations['azure.workload.identity/client-id']), made.label).toMatch(
        /-identity$/,
      );
    }
    for (const made of nodes())
      expect(podOf(made.inputs).metadata.labels['azure.workload.identity/use'] !== undefined, made.label).toBe(
        named(made, 'workload-identity') !== undefined,
      );
  });
});

describe('the node', () => {
  const container = (inputs: Input): Input => podOf(inputs).spec.containers[0];

  it('is one pod of a StatefulSet that selects it, so that a rollout needs no second one beside it', () => {
    for (const { label, inputs } of nodes()) {
      expect(inputs.spec.replicas, label).toBe(1);
      expect(inputs.spec, label).not.toHaveProperty('updateStrategy');
      expect(podOf(inputs).metadata.labels, label).toMatchObject(inputs.spec.selector.matchLabels);
    }
    for (const { label, inputs } of everyOne('kubernetes:apps/v1:Deployment')) {
      expect([inputs.spec.replicas, inputs.spec.strategy], label).toEqual([1, { type: 'Recreate' }]);
      expect(podOf(inputs).metadata.labels, label).toMatchObject(inputs.spec.selector.matchLabels);
    }
  });

  it('lets itself be moved', () => {
    for (const { label, inputs } of everyOne('kubernetes:policy/v1:PodDisruptionBudget'))
      expect(inputs.spec, label).toMatchObject({ maxUnavailable: 1 });
  });

  it('has requests for every container, and memory that it may not exceed', () => {
    for (const { label, inputs } of [...nodes(), ...everyOne('kubernetes:apps/v1:Deployment')]) {
      const { containers, initContainers = [] } = podOf(inputs).spec;
      for (const { resources, name } of [...containers, ...initContainers]) {
        expect(millicores(resources.requests.cpu), `${label}: ${name}`).toBeGreaterThan(0);
        expect(resources.limits.memory, `${label}: ${name}`).toBe(resources.requests.memory);
      }
    }
  });

  it('knows how much memory it has, and cleans up before its disk is full', () => {
    for (const made of nodes()) {
      const { env, args, resources } = container(made.inputs);
      const limit = Number.parseInt(resources.limits.memory, 10) * (resources.limits.memory.endsWith('Gi') ? 1024 : 1);
      expect(env, made.label).toContainEqual({ name: 'GOMEMLIMIT', value: `${Math.floor(limit * 0.9)}MiB` });
      expect(args, made.label).toContain('--enable-gc');
      const script = JSON.stringify(named(made, 'node-settings').data['001-settings.sh']);
      expect(script, made.label).toContain(`Swarm.ResourceMgr.MaxMemory`);
      expect(script, made.label).toMatch(/Datastore\.StorageMax \d+GiB/);
    }
  });

  it('announces the address at which others reach it', () => {
    for (const made of nodes()) {
      const script = JSON.stringify(named(made, 'node-settings').data['001-settings.sh']);
      const service = named(made, 'service-swarm');
      expect(script.includes('Addresses.AppendAnnounce'), made.label).toBe(service !== undefined);
      if (service) expect(script, made.label).toContain('{"$":{"ref":"public-ip","output":"ipAddress"}}');
    }
  });

  it('listens on the ports of its image', () => {
    for (const { label, inputs } of nodes())
      expect(
        container(inputs).ports.map(({ containerPort, protocol }: Input) => `${containerPort}/${protocol}`),
        label,
      ).toEqual(['4001/TCP', '4001/UDP', '8080/TCP', '5001/TCP']);
  });

  it('is asked how it is by a command, and given time to migrate', () => {
    for (const { label, inputs } of nodes()) {
      const { startupProbe, livenessProbe, readinessProbe } = container(inputs);
      for (const probe of [startupProbe, livenessProbe, readinessProbe]) {
        expect(probe.exec.command[0], label).toBe('ipfs');
        expect(probe, label).not.toHaveProperty('httpGet');
      }
      expect(startupProbe.periodSeconds * startupProbe.failureThreshold, label).toBeGreaterThanOrEqual(600);
    }
  });

  it('runs as the user of its image, under the strictest standard for pods', () => {
    for (const made of nodes()) {
      expect(podOf(made.inputs).spec.securityContext, made.label).toMatchObject({
        runAsNonRoot: true,
        runAsUser: 1000,
        fsGroup: 100,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      for (const { securityContext } of podOf(made.inputs).spec.containers)
        expect(securityContext, made.label).toMatchObject({
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
        });
      expect(named(made, 'namespace').metadata.labels, made.label).toMatchObject({
        'pod-security.kubernetes.io/enforce': 'restricted',
      });
      expect(named(made, 'namespace').metadata.name, made.label).not.toBe('default');
    }
  });

  it('keeps its repository on the disk', () => {
    for (const { label, inputs } of nodes()) {
      expect(container(inputs).volumeMounts, label).toContainEqual({ name: 'data', mountPath: '/data/ipfs' });
      expect(container(inputs).env, label).toContainEqual({ name: 'IPFS_PATH', value: '/data/ipfs' });
    }
  });

  it('has its secrets as files that follow their source, never as variables', () => {
    for (const { label, inputs } of nodes()) {
      const { containers, initContainers = [] } = podOf(inputs).spec;
      for (const { env = [], envFrom, volumeMounts } of [...containers, ...initContainers]) {
        expect(envFrom, label).toBeUndefined();
        for (const each of env) expect(each, label).not.toHaveProperty('valueFrom.secretKeyRef');
        for (const { name, subPath } of volumeMounts) if (name === 'secrets') expect(subPath, label).toBeUndefined();
      }
    }
  });

  it('is given its secrets by a container that logs in first and writes to memory, where no driver mounts them', () => {
    const written = nodes().filter(({ inputs }) => podOf(inputs).spec.initContainers);
    expect(written.length).toBeGreaterThan(0);
    for (const { label, inputs } of written) {
      const [{ args, image }] = podOf(inputs).spec.initContainers;
      expect(args[0].indexOf('az login'), label).toBeGreaterThan(-1);
      expect(args[0].indexOf('az login'), label).toBeLessThan(args[0].indexOf('az keyvault'));
      expect(image, label).toMatch(/^mcr\.microsoft\.com\/azure-cli:\d/);
      expect(podOf(inputs).spec.volumes, label).toContainEqual({
        name: 'secrets',
        emptyDir: { medium: 'Memory', sizeLimit: '4Mi' },
      });
    }
  });

  it('pulls by a secret of its own namespace, in the form that the kubelet reads', () => {
    const secrets = everyOne('kubernetes:core/v1:Secret').filter(({ resource }) => resource.name === 'pull-secret');
    expect(secrets.length).toBeGreaterThan(0);
    for (const made of secrets) {
      expect(made.inputs.type, made.label).toBe('kubernetes.io/dockerconfigjson');
      expect(Object.keys(made.inputs.stringData), made.label).toEqual(['.dockerconfigjson']);
      expect(made.inputs.metadata.namespace, made.label).toEqual(named(made, 'node').metadata.namespace);
    }
  });

  it('is closed to the rest of the cluster but for what is exposed, and asks nobody for the credentials of the machine', () => {
    for (const made of everyPlan()) {
      expect(named(made, 'network-policy-deny-ingress').spec, made.label).toEqual({
        podSelector: {},
        policyTypes: ['Ingress'],
      });
      const { egress, podSelector } = named(made, 'network-policy-limit-egress').spec;
      expect(podSelector, made.label).toEqual({});
      expect(egress[0].to, made.label).toEqual([{ ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.169.254/32'] } }]);
    }
  });

  it('does not wait for its Services, which wait for it', () => {
    for (const made of nodes()) {
      const waits = JSON.stringify([made.inputs, made.resource.options.dependsOn]);
      for (const { name } of ofType(made, 'kubernetes:core/v1:Service'))
        expect(waits.includes(`"${name}"`), `${made.label}: ${name}`).toBe(false);
    }
  });

  it('is a few pods of the thirty and more that its machine runs', () => {
    for (const made of everyPlan()) {
      const pods = made.resources.filter(({ type }) => /:(StatefulSet|Deployment)$/.test(type));
      expect(pods.length, made.label).toBeLessThanOrEqual(2);
    }
  });
});

describe('what Pulumi must know', () => {
  it('is which cluster it talks to, whatever the way there is', () => {
    for (const { label, inputs } of everyOne('pulumi:providers:kubernetes'))
      expect(inputs.clusterIdentifier, label).toEqual(ref('cluster'));
  });

  it('is the name of everything in Azure, so that none is made up behind it', () => {
    // Grants are GUIDs that azure-native makes.
    const nameless = everyPlan().flatMap(({ resources }) =>
      resources.flatMap(({ type, inputs }) =>
        /^azure-native:(?!resources:)/.test(type) &&
        !Object.keys(inputs).some((key) => /name$/i.test(key) && key !== 'resourceGroupName')
          ? [type]
          : [],
      ),
    );
    expect([...new Set(nameless)]).toEqual(['azure-native:authorization:RoleAssignment']);
  });

  it('is run by a Node.js that it takes', () => {
    const enginesOf = (file: string): string => JSON.parse(readFileSync(file, 'utf8')).engines.node;
    const least = (text: string): number => Number(/\d+/.exec(text)?.[0]);
    expect(least(enginesOf('package.json'))).toBeGreaterThanOrEqual(
      least(enginesOf('node_modules/@pulumi/pulumi/package.json')),
    );
  });
});
