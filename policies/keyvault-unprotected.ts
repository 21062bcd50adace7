import { definePolicy } from '../src/policy/policy.ts';
import { isPresent, object } from '../src/views.ts';

export default definePolicy({
  id: 'keyvault-unprotected',
  title: 'a vault in production should be protected against purging',
  why: 'without it a deleted secret can be destroyed for good at once; the key of the node is its identity and can not be made again',
  fix: 'set enablePurgeProtection: true; it can not be taken back, and blocks the name for as long as a deleted vault is kept',
  source: 'https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview#purge-protection',
  example: { wrong: '{ enableSoftDelete: true }', right: '{ enablePurgeProtection: true }' },
  levels: { production: 'advisory', development: 'disabled' },
  advice: true,
  waivable: true,
  resource: {
    *'azure-native:keyvault:Vault'({ inputs }) {
      const { enablePurgeProtection, enableSoftDelete, ...others } = object(inputs.properties);
      if (Object.keys(others).length === 0) return;
      if (enableSoftDelete === false)
        yield {
          input: 'properties.enableSoftDelete',
          message: 'the vault asks to lose at once what is deleted; where Azure grants that, nothing can be recovered',
          help: 'leave it out: a vault keeps what is deleted',
        };
      else if (!isPresent(enablePurgeProtection))
        yield { input: 'properties.enablePurgeProtection', message: 'the vault has no purge protection' };
    },
  },
});
