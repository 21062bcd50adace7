import { beforeAll, describe, expect, it } from 'vitest';
import { kubeconfigToken } from './azure/functions.ts';
import { edited, prepared, resourceOf, type Stages } from './fixture/fixture.ts';
import type { Deployment } from './in-process.ts';
import type { Properties } from './provider.ts';
import { UNKNOWN } from './values.ts';

type Changes = Record<string, unknown>;
const long = (length: number): string => 'a'.repeat(length);
const pod = (changes: Changes): Changes =>
  Object.fromEntries(Object.entries(changes).map(([key, value]) => [`spec.template.spec.${key}`, value]));
const container = (changes: Changes): Changes =>
  pod(Object.fromEntries(Object.entries(changes).map(([key, value]) => [`containers.0.${key}`, value])));

let stages: Stages;
beforeAll(async () => {
  stages = await prepared();
});

async function created(bed: Deployment, name: string, changes: Changes): Promise<unknown> {
  const resource = resourceOf(name);
  return bed.create({ ...resource, inputs: edited(resource.inputs, changes) });
}

// The object of the fixture, what is changed in it, and what the API server says.
const invalid: [object: string, changes: Changes, reason: string][] = [
  ['service-cluster', { 'spec.portz': [] }, "unknown property 'spec.portz'"],
  [
    'node',
    container({ imagePullpolicy: 'Always' }),
    "unknown property 'spec.template.spec.containers[0].imagePullpolicy'",
  ],
  ['secret-provider-class', { 'spec.parameter': {} }, "unknown property 'spec.parameter'"],
  [
    'secret-provider-class',
    { 'spec.parameters.usePodIdentity': false },
    "'spec.parameters.usePodIdentity' should be of type 'string' but got a boolean",
  ],
  ['node', { 'spec.selector': undefined }, "missing required property 'spec.selector'"],
  ['service-cluster', { kind: 'ServiceAccount' }, 'kind must be "Service"'],
  ['node', { apiVersion: 'apps/v1beta1' }, 'apiVersion must be "apps/v1"'],
  ['service-cluster', { 'spec.type': 'Loadbalancer' }, 'spec.type must be equal to one of the allowed values'],
  [
    'service-cluster',
    { 'spec.ports.0.protocol': 'tcp' },
    'spec.ports[0].protocol must be equal to one of the allowed values: SCTP, TCP, UDP',
  ],
  ['node', { 'spec.replicas': 1.5 }, 'spec.replicas must be integer'],
  ['node', container({ 'resources.requests.memory': '3 GiB' }), 'must match format "quantity"'],
  ['node', container({ 'resources.requests.memory': '4Gi' }), 'must be less than or equal to memory limit of 3Gi'],
  ['namespace', { 'metadata.name': 'Perpetual' }, 'metadata.name: Invalid value: "Perpetual"'],
  ['namespace', { 'metadata.name': long(64) }, 'metadata.name: Invalid value'],
  ['service-cluster', { 'metadata.name': '1st' }, 'a DNS-1035 label'],
  ['node-settings', { 'metadata.name': 'node_settings' }, 'a lowercase RFC 1123 subdomain'],
  ['namespace', { 'metadata.namespace': 'x' }, 'metadata.namespace: Invalid value: "x": not allowed on this type'],
  ['namespace', { 'metadata.labels.owner': 'platform@example.org' }, 'metadata.labels.owner: Invalid value'],
  ['namespace', { 'metadata.labels.[bad/key/too]': 'x' }, 'name part must consist of alphanumeric characters'],
  [
    'node',
    { 'spec.template.metadata.labels.[app.kubernetes.io/name]': 'other' },
    '`selector` does not match template `labels`',
  ],
  ['node', container({ 'ports.0.name': 'a-name-of-17-char' }), 'must be no more than 15 characters'],
  ['node', container({ 'ports.1.name': 'swarm-tcp' }), 'Duplicate value: "swarm-tcp"'],
  ['node', container({ 'volumeMounts.0.name': 'nowhere' }), 'Not found: "nowhere"'],
  ['node', container({ image: 'ghcr.io/MyOrg/kubo:v1' }), 'InvalidImageName'],
  ['node', container({ name: 'Node' }), 'a lowercase RFC 1123 label is needed'],
  [
    'node',
    container({ env: [{ name: 'A', value: 'b', valueFrom: { secretKeyRef: { name: 'x', key: 'y' } } }] }),
    'may not be specified when `value` is not empty',
  ],
  ['service-headless', { 'spec.ports.0.name': undefined }, 'spec.ports[0].name: Required value'],
  ['service-headless', { 'spec.ports.1.protocol': 'TCP' }, 'Duplicate value: TCP 4001'],
  ['service-cluster', { 'spec.ports.0.port': 70000 }, 'must be between 1 and 65535'],
  [
    'service-cluster',
    { 'spec.loadBalancerSourceRanges': ['203.0.113.0/24'] },
    "may only be used when `type` is 'LoadBalancer'",
  ],
  ['service-gateway', { 'spec.loadBalancerSourceRanges': ['office'] }, 'must be a list of IP ranges'],
  ['network-policy-limit-egress', { 'spec.egress.0.to.0.ipBlock.cidr': '10.0.0.0/33' }, 'must be a valid CIDR value'],
  ['network-policy-limit-egress', { 'spec.egress.0.to.0.ipBlock.cidr': '10.0.0.0/8' }, 'must be a strict subset'],
  ['node-settings', { 'data.[a/b]': 'x' }, 'a valid config key'],
  ['node-settings', { 'data.big': long(2 ** 20) }, 'may not be more than 1048576 bytes'],
];

describe('what the API server finds invalid', () => {
  for (const [name, changes, reason] of invalid) {
    it(`${name}: ${reason}`, async () => {
      await expect(created(stages.before(name), name, changes)).rejects.toThrow(reason);
    });
  }

  it('a pull secret that is none', async () => {
    const bed = stages.before('node');
    const secret = (stringData: Changes) =>
      bed.create({
        type: 'kubernetes:core/v1:Secret',
        name: 'pull',
        inputs: {
          apiVersion: 'v1',
          kind: 'Secret',
          type: 'kubernetes.io/dockerconfigjson',
          metadata: { namespace: 'perpetual' },
          stringData,
        },
      });
    await expect(secret({ token: 'x' })).rejects.toThrow('a JSON object with "auths"');
    const { outputs } = await secret({ '.dockerconfigjson': '{"auths":{}}' });
    expect(outputs).toMatchObject({ data: { '.dockerconfigjson': 'eyJhdXRocyI6e319' } });
    expect(outputs.stringData).toBeUndefined();
  });

  it('a kind the cluster does not know', async () => {
    const bed = stages.before('node');
    const inputs = { apiVersion: 'cert-manager.io/v1', kind: 'Certificate', metadata: { name: 'x' } };
    await expect(bed.create({ type: 'kubernetes:cert-manager.io/v1:Certificate', name: 'x', inputs })).rejects.toThrow(
      'no matches for kind "Certificate"',
    );
  });

  it('nothing, where a value is known only later', async () => {
    const { kubernetes } = stages.before('node');
    const { type, name, inputs } = resourceOf('service-gateway');
    const news = edited(inputs, {
      'spec.loadBalancerSourceRanges': UNKNOWN,
      metadata: { name: UNKNOWN, namespace: UNKNOWN, annotations: UNKNOWN },
      'spec.ports.0.port': UNKNOWN,
    });
    expect((await kubernetes.check({ type, name, news })).failures).toEqual([]);
  });
});

// What the cluster has or lacks: the object, what is changed in it, and what the refusal says.
const refused: [what: string, object: string, changes: Changes, reason: string][] = [
  ['no namespace', 'node-settings', { 'metadata.namespace': 'nowhere' }, 'namespaces "nowhere" not found'],
  [
    'no storage class',
    'data-claim',
    { 'spec.storageClassName': 'fast' },
    'storageclass.storage.k8s.io "fast" not found',
  ],
  ['no volume', 'data-claim', { 'spec.volumeName': 'nothing' }, 'volume "nothing" not found'],
  [
    'claim larger than its volume',
    'data-claim',
    { 'spec.resources.requests.storage': '9Gi' },
    'requested PV is too small',
  ],
  ['claim of another mode', 'data-claim', { 'spec.accessModes': ['ReadWriteMany'] }, 'incompatible accessMode'],
  [
    'class of the claim and of the volume',
    'data-claim',
    { 'spec.storageClassName': 'managed-csi' },
    'storageClassName does not match',
  ],
  ['136 no disk', 'data-volume', { 'spec.csi.volumeHandle': '/subscriptions/x/disks/y' }, 'does not exist'],
  ['136 more than the disk', 'data-volume', { 'spec.capacity.storage': '16Gi' }, 'is more than the 8 GiB of the disk'],
  [
    '137 shared file system',
    'data-volume',
    { 'spec.accessModes': ['ReadWriteMany'] },
    'mountVolume is not supported for access mode',
  ],
  [
    '132 storage class parameter',
    'storage-class',
    { 'parameters.sku': 'Premium_LRS' },
    'invalid parameter sku in storage class',
  ],
  [
    'no claim',
    'node',
    pod({ 'volumes.0.persistentVolumeClaim.claimName': 'nothing' }),
    'persistentvolumeclaim "nothing" not found',
  ],
  ['no config map', 'node', pod({ 'volumes.1.configMap.name': 'nothing' }), 'configmap "nothing" not found'],
  ['no secret', 'node', pod({ imagePullSecrets: [{ name: 'pull' }] }), 'secret "pull" not found'],
  ['no service account', 'node', pod({ serviceAccountName: 'nobody' }), 'serviceaccount "nobody" not found'],
  [
    'no key in a config map',
    'node',
    container({ env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'node-settings', key: 'b' } } }] }),
    "couldn't find key b",
  ],
  ['192 not as root', 'node', pod({ 'securityContext.runAsNonRoot': undefined }), 'runAsNonRoot != true'],
  [
    '192 escalation',
    'node',
    container({ 'securityContext.allowPrivilegeEscalation': undefined }),
    'allowPrivilegeEscalation != false',
  ],
  ['192 capabilities', 'node', container({ 'securityContext.capabilities': undefined }), 'unrestricted capabilities'],
  ['192 seccomp', 'node', pod({ 'securityContext.seccompProfile': undefined }), 'seccompProfile'],
  ['192 host path', 'node', pod({ 'volumes.1': { name: 'settings', hostPath: { path: '/' } } }), 'hostPath volumes'],
  [
    '28 more memory than a node',
    'node',
    container({ 'resources.requests.memory': '8Gi', 'resources.limits.memory': '8Gi' }),
    'Insufficient memory',
  ],
  ['28 more CPU than a node', 'node', container({ 'resources.requests.cpu': '2' }), 'Insufficient cpu'],
  ['node selector', 'node', pod({ 'nodeSelector.[kubernetes.io/os]': 'windows' }), "node(s) didn't match"],
  [
    'no secret provider class',
    'node',
    pod({ 'volumes.2.csi.volumeAttributes.secretProviderClass': 'nothing' }),
    'failed to get secretproviderclass perpetual/nothing',
  ],
  [
    '98 no address of that name',
    'service-swarm',
    { 'metadata.annotations.[service.beta.kubernetes.io/azure-pip-name]': 'nothing' },
    'user supplied pip: nothing was not found in resource group perpetual-prod-rg',
  ],
  [
    '98 address looked for in the node group',
    'service-swarm',
    { 'metadata.annotations.[service.beta.kubernetes.io/azure-load-balancer-resource-group]': undefined },
    'was not found in resource group perpetual-prod-rg-nodes',
  ],
  [
    '100 ranges and tags',
    'service-gateway',
    { 'metadata.annotations.[service.beta.kubernetes.io/azure-allowed-service-tags]': 'AzureCloud' },
    'azure-allowed-service-tags and loadBalancerSourceRanges',
  ],
  [
    'one port twice on one address',
    'service-gateway',
    { 'spec.ports.0.port': 4001 },
    'RulesUseSameFrontendPortProtocolAndFrontendIPConfig',
  ],
];

describe('what never comes up', () => {
  it.each(refused)('%s (%s)', async (_what, name, changes, reason) => {
    await expect(created(stages.before(name), name, changes)).rejects.toThrow(reason);
  });

  it('an object that exists', async () => {
    await expect(stages.deployed().create(resourceOf('node-settings'))).rejects.toThrow(
      'configmaps "node-settings" already exists',
    );
  });

  it('98: an address the cluster may not read', async () => {
    const bed = stages.before('service-swarm');
    await bed.delete('grant-cluster-network-contributor-on-resource-group');
    await expect(bed.create(resourceOf('service-swarm'))).rejects.toThrow('AuthorizationFailed');
  });

  it('136: a disk the cluster may not attach', async () => {
    const bed = stages.before('node');
    await bed.delete('grant-cluster-contributor-on-data-disk');
    await expect(bed.create(resourceOf('node'))).rejects.toThrow('AttachVolume.Attach failed');
  });

  it.each<[string, (bed: Deployment) => Promise<unknown>, string]>([
    ['no federation', (bed) => bed.delete('workload-federation'), 'AADSTS700213'],
    ['no role', (bed) => bed.delete('grant-node-key-vault-secrets-user-on-secret-github-token'), 'ForbiddenByRbac'],
    ['no secret', (bed) => bed.delete('secret-github-token'), 'SecretNotFound'],
    ['no identity', (bed) => bed.delete('workload-identity'), 'AADSTS700016'],
    [
      'a closed vault',
      (bed) =>
        bed.update('vault', edited(resourceOf('vault').inputs, { 'properties.networkAcls.virtualNetworkRules': [] })),
      'Client address is not authorized',
    ],
    [
      'a private vault',
      (bed) =>
        bed.update('vault', edited(resourceOf('vault').inputs, { 'properties.publicNetworkAccess': 'Disabled' })),
      'Public network access is disabled',
    ],
  ])('113, 118, 178: secrets of a vault with %s', async (_what, spoil, reason) => {
    const bed = stages.before('node');
    await spoil(bed);
    await expect(bed.create(resourceOf('node'))).rejects.toThrow(reason);
  });

  it('55: the secrets store without its add-on', async () => {
    const bed = stages.before('secret-provider-class');
    await bed.update('cluster', edited(resourceOf('cluster').inputs, { addonProfiles: undefined }));
    await expect(bed.create(resourceOf('secret-provider-class'))).rejects.toThrow(
      'no matches for kind "SecretProviderClass"',
    );
  });
});

describe('changes', () => {
  it.each<[string, string, Changes, string[] | string]>([
    ['195 volume of a claim', 'data-claim', { 'spec.volumeName': 'other' }, ['spec.volumeName']],
    ['195 class of a claim', 'data-claim', { 'spec.storageClassName': 'managed-csi' }, ['spec.storageClassName']],
    ['138 claim shrinks', 'data-claim', { 'spec.resources.requests.storage': '4Gi' }, 'field can not be less'],
    ['195 mode of a claim', 'data-claim', { 'spec.volumeMode': 'Block' }, 'spec is immutable after creation'],
    ['195 disk of a volume', 'data-volume', { 'spec.csi.volumeHandle': 'other' }, ['spec.csi.volumeHandle']],
    [
      '195 selector',
      'node',
      {
        'spec.selector.matchLabels.[app.kubernetes.io/name]': 'other',
        'spec.template.metadata.labels.[app.kubernetes.io/name]': 'other',
      },
      ['spec.selector.matchLabels["app.kubernetes.io/name"]'],
    ],
    ['195 service name', 'node', { 'spec.serviceName': 'other' }, ['spec.serviceName']],
    ['config map', 'node-settings', { 'data.[001-settings.sh]': 'exit' }, ['data["001-settings.sh"]']],
    ['storage class parameter', 'storage-class', { 'parameters.skuName': 'Premium_ZRS' }, ['parameters.skuName']],
    [
      'reclaim policy',
      'storage-class',
      { reclaimPolicy: 'Delete' },
      'updates to provisioner, parameters, reclaimPolicy',
    ],
    ['cluster address', 'service-cluster', { 'spec.clusterIP': '172.16.0.99' }, ['spec.clusterIP']],
    ['name', 'namespace', { 'metadata.name': 'other' }, ['metadata.name']],
  ])('%s', async (_rule, name, changes, outcome) => {
    const update = stages.deployed().update(name, edited(resourceOf(name).inputs, changes));
    if (typeof outcome === 'string') await expect(update).rejects.toThrow(outcome);
    else expect((await update).replaces).toEqual(outcome);
  });

  it('in place: an image, a larger claim', async () => {
    const bed = stages.deployed();
    expect(
      (await bed.update('node', edited(resourceOf('node').inputs, container({ image: 'docker.io/ipfs/kubo:v0.39.0' }))))
        .replaces,
    ).toEqual([]);
    expect(
      (
        await bed.update(
          'data-claim',
          edited(resourceOf('data-claim').inputs, { 'spec.resources.requests.storage': '16Gi' }),
        )
      ).replaces,
    ).toEqual([]);
  });
});

describe('the provider itself', () => {
  const kubeconfig = async (bed: Deployment) =>
    String((await bed.resolve(resourceOf('kubernetes').inputs.kubeconfig)) ?? '');

  it('wants a kubeconfig that leads somewhere', async () => {
    const bed = stages.deployed();
    const failures = async (settings: Properties) =>
      (await bed.kubernetes.checkConfig(settings)).map(({ reason }) => reason).join();
    expect(await failures({ kubeconfig: '' })).toContain('not a YAML object');
    expect(await failures({})).toContain('not a YAML object');
    expect(await failures({ kubeconfig: 'current-context: x' })).toContain('no context "x"');
    expect(await failures({ kubeConfig: 'x', kubeconfig: await kubeconfig(bed) })).toBe(
      "unknown property 'kubeConfig'",
    );
    expect(await failures({ kubeconfig: UNKNOWN, clusterIdentifier: UNKNOWN })).toBe('');
    expect(await kubeconfig(bed)).toContain(kubeconfigToken);
  });

  it('219: another cluster replaces everything, another token does not', async () => {
    const bed = stages.deployed();
    const config = await kubeconfig(bed);
    const { kubernetes } = bed;
    expect(kubernetes.diffConfig({ kubeconfig: config }, { kubeconfig: config.replace(kubeconfigToken, 'x') })).toEqual(
      { changed: ['kubeconfig'], replaces: [] },
    );
    expect(
      kubernetes.diffConfig({ kubeconfig: config }, { kubeconfig: config.replace('https://', 'https://other-') })
        .replaces,
    ).toEqual(['kubeconfig']);
    const named = { kubeconfig: config, clusterIdentifier: 'a' };
    expect(
      kubernetes.diffConfig(named, { ...named, kubeconfig: config.replace('https://', 'https://other-') }).replaces,
    ).toEqual([]);
    expect(kubernetes.diffConfig(named, { ...named, clusterIdentifier: 'b' }).replaces).toEqual(['clusterIdentifier']);
  });

  it('reads what was changed behind its back, and nothing the cluster added', async () => {
    const bed = stages.deployed();
    const { type, inputs, id } = bed.resources.get('service-cluster') ?? { type: '', inputs: {}, id: '' };
    const asked = { type, name: 'service-cluster', id, inputs };
    expect((await bed.kubernetes.read(asked))?.inputs).toEqual(inputs);
    bed.cloud.change(({ objects }) => {
      for (const object of Object.values(objects).flatMap(Object.values)) {
        if (object.kind === 'Service') object.spec = { ...(object.spec as Properties), ports: [] };
      }
    });
    expect((await bed.kubernetes.read(asked))?.inputs).toEqual(edited(inputs, { 'spec.ports': [] }));
  });

  it('217: cannot reach a cluster that is gone', async () => {
    const bed = stages.deployed();
    await bed.delete('cluster');
    await expect(bed.delete('node')).rejects.toThrow('configured Kubernetes cluster is unreachable');
    bed.kubernetes.configure({ kubeconfig: await kubeconfig(stages.deployed()), deleteUnreachable: 'true' });
    await bed.delete('cluster');
    await bed.delete('node');
  });

  it('gives a load balancer the address asked for, and a namespace takes its objects along', async () => {
    const bed = stages.deployed();
    const ip = bed.resources.get('public-ip')?.outputs.ipAddress;
    expect(bed.resources.get('service-swarm')?.outputs.status).toEqual({
      loadBalancer: { ingress: [{ ip, ipMode: 'VIP' }] },
    });
    bed.kubernetes.configure((await bed.resolve(resourceOf('kubernetes').inputs)) as Properties);
    await bed.delete('namespace');
    const left = bed.cloud.look(({ objects }) => Object.values(objects).flatMap(Object.keys));
    expect(left).toEqual([
      'storage.k8s.io/v1/StorageClass//perpetual-data',
      'v1/PersistentVolume//perpetual-prod-data',
    ]);
  });
});
