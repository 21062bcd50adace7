import { region } from '../catalog/regions.ts';
import { vmSize } from '../catalog/vm-sizes.ts';
import { storageMaxGiB } from '../resources/workload.ts';
import { childPath } from '../spec/path.ts';
import { type Check, each, repeats } from './check.ts';

export const storageMaxFitsDisk: Check = function* (spec) {
  const limit = storageMaxGiB(spec);
  const { sizeGiB } = spec.storage.data;
  if (spec.node.ipfs.storageMaxGiB === undefined || limit < sizeGiB) return;
  yield {
    code: 'spec/conflict',
    path: 'node.ipfs.storageMaxGiB',
    message: `a disk of ${sizeGiB} GiB is full before garbage collection starts at ${limit} GiB`,
    help: `at most ${Math.max(1, Math.floor(sizeGiB / 1.2))} GiB leaves room for what the limit does not count`,
    related: { path: 'storage.data.sizeGiB', message: 'the disk' },
  };
};

/** https://learn.microsoft.com/azure/aks/create-volume-azure-disk and virtual-machines/disks-types. */
export const diskSuitsNode: Check = function* ({ azure, cluster: { nodePool }, storage: { data } }) {
  const path = 'storage.data.sku';
  const size = vmSize(nodePool.vmSize);
  if (size && !size.premiumStorage && data.sku.startsWith('Premium')) {
    yield {
      code: 'spec/conflict',
      path,
      message: `"${size.name}" can't attach a ${data.sku} disk`,
      related: { path: 'cluster.nodePool.vmSize', message: 'this size has no premium storage' },
    };
  }
  if (data.sku === 'PremiumV2_LRS' && nodePool.zone === undefined) {
    yield { code: 'spec/conflict', path, message: 'a PremiumV2_LRS disk lives in a zone: set cluster.nodePool.zone' };
  }
  const known = region(azure.region);
  if (data.sku.endsWith('_ZRS') && known && known.zones.length === 0) {
    yield {
      code: 'spec/conflict',
      path,
      message: `the region "${known.name}" has no zones, so no ${data.sku} disks`,
      related: { path: 'azure.region', message: 'the region' },
    };
  }
};

export const secretNames: Check = function* ({ secrets }) {
  const names = [...each(secrets.items)].map(([{ name }, index]) => [name.toLowerCase(), index] as const);
  for (const [name, later, earlier] of repeats(names)) {
    yield {
      code: 'spec/duplicate',
      path: `secrets.items[${later}].name`,
      message: `a secret "${name}" is already there; upper and lower case count as equal`,
      related: { path: `secrets.items[${earlier}].name`, message: 'the first one' },
    };
  }
};

export const secretStore: Check = function* ({ secrets, metadata }) {
  if (secrets.store === 'kubernetes' && metadata.stage === 'production') {
    yield {
      code: 'spec/conflict',
      path: 'secrets.store',
      message: 'Kubernetes Secrets are for development: whoever reads Secrets of the namespace has them',
      related: { path: 'metadata.stage', message: 'this is production' },
    };
  }
};

export const vaultAccess: Check = function* ({ secrets }) {
  for (const [{ role, permissions }, index] of each(secrets.vault.access)) {
    const path = `secrets.vault.access[${index}]`;
    if (role !== undefined && permissions !== undefined)
      yield {
        code: 'spec/conflict',
        path: `${path}.permissions`,
        message: 'role and permissions exclude each other',
        related: { path: `${path}.role`, message: 'the role' },
      };
    else if (role === undefined && permissions === undefined)
      yield { code: 'spec/missing-key', path: `${path}.role`, message: 'the grant has neither role nor permissions' };
  }
};

/** https://learn.microsoft.com/azure/key-vault/general/network-security: private ranges are refused. */
export const vaultNetwork: Check = function* ({ secrets }) {
  for (const [range, index] of each(secrets.vault.network.allow)) {
    if (/^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|127\.|169\.254\.)/.test(range)) {
      yield {
        code: 'spec/invalid-value',
        path: `secrets.vault.network.allow[${index}]`,
        message: `"${range}" is private: a vault's firewall takes public ranges only`,
      };
    }
  }
};

export const registryParts: Check = function* ({ registry }) {
  if (!registry) return;
  if (registry.kind === 'acr') {
    for (const key of ['username', 'password'] as const) {
      if (registry[key] !== undefined)
        yield {
          code: 'spec/conflict',
          path: `registry.${key}`,
          message: `a registry of kind acr needs no ${key}: the nodes pull by their identity`,
        };
    }
    return;
  }
  for (const key of ['username', 'password'] as const) {
    if (registry[key] === undefined)
      yield {
        code: 'spec/missing-key',
        path: `registry.${key}`,
        message: `a registry of kind ${registry.kind} needs "${key}"`,
      };
  }
  for (const key of ['name', 'sku'] as const) {
    if (registry[key] !== undefined)
      yield { code: 'spec/conflict', path: `registry.${key}`, message: `"${key}" is for a registry of kind acr` };
  }
};

/** Azure's budget has no start of its own, and one taken from the clock would be another one each month. */
export const budgetStart: Check = function* ({ budget }, today) {
  if (!budget || budget.alerts.length === 0 || budget.start !== undefined) return;
  yield {
    code: 'spec/missing-key',
    path: 'budget.start',
    message: 'a budget with alerts needs "start", the first day of the month from which Azure counts',
    help: `start: ${today.slice(0, 8)}01`,
  };
};

const minutes = (duration: string): number => {
  const [, day, hours, mins] = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(duration) ?? [];
  return Number(day ?? 0) * 1440 + Number(hours ?? 0) * 60 + Number(mins ?? 0);
};

export const alertTimes: Check = function* ({ monitoring }) {
  for (const [{ every, window }, index] of each(monitoring?.alerts ?? [])) {
    if (minutes(window) < minutes(every))
      yield {
        code: 'spec/conflict',
        path: `monitoring.alerts[${index}].window`,
        message: `the window ${window} is shorter than the interval ${every}`,
      };
  }
};

export const tagLimits: Check = function* ({ metadata }) {
  const keys = Object.keys(metadata.tags);
  if (keys.length > 40)
    yield { code: 'spec/out-of-range', path: 'metadata.tags', message: `${keys.length} tags: at most 40 are allowed` };
  for (const [, later] of repeats(keys.map((key, index) => [key.toLowerCase(), index] as const))) {
    yield {
      code: 'spec/duplicate',
      path: childPath('metadata.tags', keys[later] as string),
      message: `two tags differ only in upper and lower case: "${keys[later]}"`,
    };
  }
  for (const key of keys) {
    if (/^(aks-managed|k8s-azure)/i.test(key))
      yield {
        code: 'spec/invalid-value',
        path: childPath('metadata.tags', key),
        message: `"${key}" can't be a tag: AKS keeps such names for itself`,
      };
  }
};
