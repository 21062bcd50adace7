import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { edited, prepared, resourceOf, type Stages } from '../fixture/fixture.ts';
import type { Deployment } from '../in-process.ts';
import type { Properties } from '../provider.ts';

const labels = { 'app.kubernetes.io/name': 'relay' };
const container: Properties = {
  name: 'relay',
  image: 'docker.io/library/traefik:v3.5',
  ports: [{ name: 'http', containerPort: 8080 }],
  resources: { requests: { cpu: '100m', memory: '128Mi' } },
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
};
const deployment: Properties = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'relay', namespace: 'perpetual' },
  spec: {
    replicas: 2,
    selector: { matchLabels: labels },
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    template: {
      metadata: { labels },
      spec: {
        securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: 'RuntimeDefault' } },
        containers: [container],
        volumes: [{ name: 'scratch', emptyDir: { medium: 'Memory', sizeLimit: '64Mi' } }],
      },
    },
  },
};
const budget: Properties = {
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'relay', namespace: 'perpetual' },
  spec: { minAvailable: 1, selector: { matchLabels: labels }, unhealthyPodEvictionPolicy: 'AlwaysAllow' },
};
const claim: Properties = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'cache', namespace: 'perpetual' },
  spec: {
    accessModes: ['ReadWriteOnce'],
    storageClassName: 'managed-csi-premium',
    resources: { requests: { storage: '10Gi' } },
  },
};
const storageClass: Properties = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'own' },
  provisioner: 'disk.csi.azure.com',
  parameters: { skuName: 'Premium_LRS' },
  volumeBindingMode: 'WaitForFirstConsumer',
  reclaimPolicy: 'Retain',
};
const service: Properties = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'relay', namespace: 'perpetual' },
  spec: { selector: labels, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
};
const modules: Record<string, string> = { v1: 'core/v1' };

let stages: Stages;
let bed: Deployment;
beforeAll(async () => {
  stages = await prepared();
});
beforeEach(() => {
  bed = stages.deployed();
});

const make = (object: Properties, changes: Properties = {}) => {
  const { apiVersion, kind, metadata } = object as { apiVersion: string; kind: string; metadata: { name: string } };
  const type = `kubernetes:${modules[apiVersion] ?? apiVersion}:${kind}`;
  return bed.create({ type, name: `${kind} ${metadata.name}`, inputs: edited(object, changes) });
};
const change = (object: Properties, changes: Properties) => {
  const { kind, metadata } = object as { kind: string; metadata: { name: string } };
  return bed.update(`${kind} ${metadata.name}`, edited(object, changes));
};
const pod = (changes: Properties): Properties =>
  Object.fromEntries(Object.entries(changes).map(([key, value]) => [`spec.template.spec.${key}`, value]));
const using = (claimName: string): Properties =>
  pod({ volumes: [{ name: 'cache', persistentVolumeClaim: { claimName } }] });
const disks = () =>
  bed.cloud.look(({ resources }) =>
    Object.values(resources).filter(({ id }) => id.includes('-nodes/providers/Microsoft.Compute/disks/')),
  );

describe('deployments', () => {
  it.each<[string, Properties, string]>([
    ['a selector of other pods', { 'spec.selector.matchLabels': { app: 'x' } }, '`selector` does not match'],
    ['no selector', { 'spec.selector.matchLabels': undefined }, 'empty selector is invalid'],
    ['a strategy it does not know', { 'spec.strategy.type': 'Rolling' }, 'spec.strategy.type'],
    ['a rollout with nothing rolling', { 'spec.strategy.type': 'Recreate' }, "when strategy `type` is 'Recreate'"],
    ['a rollout without a move', { 'spec.strategy.rollingUpdate.maxSurge': 0 }, 'may not be 0 when `maxSurge` is 0'],
    ['more than all', { 'spec.strategy.rollingUpdate.maxSurge': '120%' }, 'at most 100%'],
    ['a place nobody has', pod({ 'volumes.0.emptyDir.medium': 'Tape' }), 'unknown storage medium "Tape"'],
    ['more memory than a node in an init container', init({ memory: '16Gi' }), 'Insufficient memory'],
    ['two containers that are too much together', twoOf({ cpu: '1500m' }), 'Insufficient cpu'],
    ['one beside another that stays', sidecar({ cpu: '1500m' }), 'Insufficient cpu'],
    ['two containers of one name', pod({ 'containers.1': container }), 'Duplicate value: "relay"'],
    ['as root', pod({ 'securityContext.runAsUser': 0 }), 'runAsUser=0'],
    ['more disks than a node holds', manyDisks(), 'exceed max volume count'],
  ])('refuse %s', async (_what, changes, reason) => {
    for (let index = 0; index < 32; index++) await make(claim, { 'metadata.name': `c${index}` });
    await expect(make(deployment, changes)).rejects.toThrow(reason);
  });

  it('take what runs one after another, change in place, and are replaced for another selector', async () => {
    await make(deployment, init({ cpu: '1500m' }));
    expect((await change(deployment, { 'spec.replicas': 3 })).replaces).toEqual([]);
    const other = { 'spec.selector.matchLabels.tier': 'a', 'spec.template.metadata.labels.tier': 'a' };
    expect((await change(deployment, other)).replaces).toEqual(['spec.selector.matchLabels.tier']);
  });

  it('run only where taints let them', async () => {
    const taints = { 'agentPoolProfiles.0.nodeTaints': ['CriticalAddonsOnly=true:NoSchedule'] };
    await bed.update('cluster', edited(resourceOf('cluster').inputs, taints));
    await expect(make(deployment)).rejects.toThrow('untolerated taint {CriticalAddonsOnly=true:NoSchedule}');
    await make(deployment, pod({ tolerations: [{ key: 'CriticalAddonsOnly', operator: 'Exists' }] }));
  });
});

function init(requests: Properties): Properties {
  return pod({ initContainers: [{ ...container, name: 'first', resources: { requests } }] });
}
function sidecar(requests: Properties): Properties {
  const stays = { ...container, name: 'beside', restartPolicy: 'Always', resources: { requests } };
  return pod({ initContainers: [stays], 'containers.0.resources.requests': requests });
}
function twoOf(requests: Properties): Properties {
  const one = { ...container, resources: { requests } };
  return pod({ containers: [one, { ...one, name: 'other' }] });
}
function manyDisks(): Properties {
  const volumes = Array.from({ length: 32 }, (_, index) => ({
    name: `c${index}`,
    persistentVolumeClaim: { claimName: `c${index}` },
  }));
  return pod({ volumes });
}

describe('disruption budgets', () => {
  it.each<[string, Properties, string]>([
    ['both amounts', { 'spec.maxUnavailable': 1 }, 'cannot be both set'],
    ['neither', { 'spec.minAvailable': undefined }, 'minAvailable or maxUnavailable'],
    ['less than none', { 'spec.minAvailable': -1 }, 'spec.minAvailable'],
    ['a share that is none', { 'spec.minAvailable': 'half' }, 'spec.minAvailable'],
    ['no pods', { 'spec.selector': undefined }, 'spec.selector'],
    ['a policy it does not know', { 'spec.unhealthyPodEvictionPolicy': 'Never' }, 'unhealthyPodEvictionPolicy'],
  ])('refuse %s', async (_what, changes, reason) => {
    await expect(make(budget, changes)).rejects.toThrow(reason);
  });

  it('take a number or a share', async () => {
    await make(budget);
    await make(budget, { 'metadata.name': 'share', 'spec.minAvailable': undefined, 'spec.maxUnavailable': '25%' });
  });
});

describe('claims of classes', () => {
  it('are bound with their first pod, to a disk in the zone and group of its node', async () => {
    const { outputs } = await make(claim);
    expect(outputs.status).toEqual({ phase: 'Pending' });
    expect(disks()).toEqual([]);
    await make(deployment, using('cache'));
    expect(disks()).toMatchObject([{ inputs: { diskSizeGB: 10, sku: { name: 'Premium_LRS' }, zones: ['1'] } }]);
    await make(deployment, { ...using('cache'), 'metadata.name': 'second' });
    expect(disks()).toHaveLength(1);
    await bed.delete('PersistentVolumeClaim cache');
    expect(disks()).toEqual([]);
  });

  it('may retain their disks, and be bound at once', async () => {
    await make(storageClass, { volumeBindingMode: 'Immediate' });
    const { outputs } = await make(claim, { 'spec.storageClassName': 'own' });
    expect(outputs.status).toEqual({ phase: 'Bound' });
    await bed.delete('PersistentVolumeClaim cache');
    expect(disks()).toHaveLength(1);
    await bed.delete('cluster');
    expect(disks()).toEqual([]);
  });

  it('never come up without a class, or with one that makes nothing', async () => {
    await expect(make(claim, { 'spec.storageClassName': '' })).rejects.toThrow('no storage class is set');
    await make(storageClass, { provisioner: 'kubernetes.io/no-provisioner', parameters: undefined });
    await expect(make(claim, { 'spec.storageClassName': 'own' })).rejects.toThrow('waiting for a volume to be created');
    await expect(make(claim, { 'spec.storageClassName': 'none' })).rejects.toThrow('"none" not found');
  });

  it('grow in place where the class lets them, with volume and disk, and never shrink', async () => {
    await make(storageClass);
    await make(claim, { 'spec.storageClassName': 'own' });
    await make(deployment, using('cache'));
    const larger = { 'spec.storageClassName': 'own', 'spec.resources.requests.storage': '20Gi' };
    await expect(change(claim, larger)).rejects.toThrow('must support resize');
    await bed.update('StorageClass own', { ...storageClass, allowVolumeExpansion: true });
    expect((await change(claim, larger)).replaces).toEqual([]);
    expect(disks()).toMatchObject([{ inputs: { diskSizeGB: 20 } }]);
    const smaller = { ...larger, 'spec.resources.requests.storage': '10Gi' };
    await expect(change({ ...claim }, smaller)).rejects.toThrow('field can not be less');
  });

  it('of a StatefulSet are made with it and stay behind', async () => {
    const templates = [{ metadata: { name: 'cache' }, spec: claim.spec }];
    const { strategy, ...spec } = deployment.spec as Properties;
    const set = {
      ...deployment,
      kind: 'StatefulSet',
      spec: { ...spec, serviceName: 'relay', volumeClaimTemplates: templates },
    };
    await make(set);
    expect(disks().map(({ inputs }) => inputs.diskName)).toEqual([
      'pvc-perpetual-cache-relay-0',
      'pvc-perpetual-cache-relay-1',
    ]);
    await bed.delete('StatefulSet relay');
    expect(disks()).toHaveLength(2);
  });

  it('for one pod are not for two', async () => {
    await make(claim, { 'spec.accessModes': ['ReadWriteOncePod'] });
    await expect(make(deployment, using('cache'))).rejects.toThrow('ReadWriteOncePod access mode');
    await make(deployment, { ...using('cache'), 'spec.replicas': 1 });
  });
});

describe('what was made by hand', () => {
  it('grows in place: the disk, the volume, the claim', async () => {
    expect(
      (await bed.update('data-disk', edited(resourceOf('data-disk').inputs, { diskSizeGB: 16 }))).replaces,
    ).toEqual([]);
    const volume = edited(resourceOf('data-volume').inputs, { 'spec.capacity.storage': '16Gi' });
    expect((await bed.update('data-volume', volume)).replaces).toEqual([]);
    const asked = edited(resourceOf('data-claim').inputs, { 'spec.resources.requests.storage': '16Gi' });
    expect((await bed.update('data-claim', asked)).replaces).toEqual([]);
  });

  it('is made larger in Azure, behind everyone’s back, by a claim that grows alone', async () => {
    const asked = edited(resourceOf('data-claim').inputs, { 'spec.resources.requests.storage': '16Gi' });
    await bed.update('data-claim', asked);
    const id = bed.resources.get('data-disk')?.id ?? '';
    expect(bed.cloud.look(({ resources }) => resources[id.toLowerCase()]?.inputs.diskSizeGB)).toBe(16);
  });
});

describe('services of other pods', () => {
  it('lead to a port by a name that the pods have', async () => {
    await make(service, { 'metadata.name': 'early' });
    await make(deployment);
    await make(service);
    await expect(make(service, { 'metadata.name': 'lost', 'spec.ports.0.targetPort': 'https' })).rejects.toThrow(
      'no container of the selected pods has a port named "https"',
    );
  });
});
