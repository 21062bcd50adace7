import { apiVersionOfSdk } from '../catalog/provider-inputs.ts';
import { apiEnds, daysBetween } from '../catalog/sku-rules.ts';
import { removing, writing } from '../edit/mend.ts';
import { needsVault, swarmKeyName } from '../resources/vault.ts';
import { type Check, each, repeats } from './check.ts';

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

/** https://learn.microsoft.com/azure/key-vault/secrets/about-secrets: Azure still hands it out, so this is advice. */
export const secretsInDate: Check = function* ({ secrets }, today) {
  for (const [{ name, expires }, index] of each(secrets.items)) {
    if (expires === undefined || expires > today) continue;
    yield {
      code: 'plan/secret-expired',
      severity: 'info',
      path: `secrets.items[${index}].expires`,
      message: `the secret "${name}" should have been replaced by ${expires}`,
      help: 'replace it, and write the day of the next one',
    };
  }
};

/** Soon nothing of a vault can be made or changed with the version of Azure's interface that this azure-native asks for. */
export const vaultApiLasts: Check = function* (spec, today) {
  const asked = apiVersionOfSdk('azure-native:keyvault:Vault');
  const end = apiEnds('keyvault');
  if (!needsVault(spec) || !asked || !end || asked.version >= end.olderThan) return;
  const left = daysBetween(today, end.retires);
  if (left <= 0 || left > 90) return;
  yield {
    code: 'catalog/api-version-ending',
    severity: 'info',
    path: 'secrets',
    message: `the version ${asked.version} of the vault's interface, which ${asked.sdk} asks for, is retired on ${end.retires}`,
    help: `before that day move to an azure-native that asks for ${end.olderThan} or a newer one`,
  };
};

/** The key of a private network lies among the secrets, under a name of its own. */
export const swarmKeyIsAlone: Check = function* ({ secrets, node }) {
  if (node.ipfs.swarmKey === undefined) return;
  for (const [{ name }, index] of each(secrets.items)) {
    if (name.toLowerCase() === swarmKeyName)
      yield {
        code: 'spec/duplicate',
        path: `secrets.items[${index}].name`,
        message: `"${name}" is what the swarm key is called among the secrets`,
        related: { path: 'node.ipfs.swarmKey', message: 'the swarm key' },
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
      mends: [writing('secrets.store', 'keyVault')],
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
        mends: [removing(`${path}.permissions`)],
      };
    else if (role === undefined && permissions === undefined)
      yield {
        code: 'spec/missing-key',
        path: `${path}.role`,
        message: 'the grant has neither role nor permissions',
        mends: [writing(`${path}.role`, 'Key Vault Secrets User')],
      };
  }
};
