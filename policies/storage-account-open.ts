import { definePolicy } from '../src/policy/policy.ts';
import { text } from '../src/views.ts';

export default definePolicy({
  id: 'storage-account-open',
  title: 'a storage account must not be opened to strangers, keys or old ways to talk',
  why: 'whoever has a key, a link or only the address reads what is kept there, and nobody knows who it was',
  fix: 'leave the setting out where its default is closed, else write the closed value, and give roles to those who need the data',
  source: 'https://www.pulumi.com/registry/packages/azure-native/api-docs/storage/storageaccount/',
  example: { wrong: 'allowBlobPublicAccess: true', right: 'allowBlobPublicAccess: false' },
  levels: { production: 'mandatory', development: 'advisory' },
  waivable: true,
  resource: {
    *'azure-native:storage:StorageAccount'({ inputs }) {
      // What is left out may be older than the account: only what is written is certain.
      for (const [input, open, message] of settings) if (inputs[input] === open) yield { input, message };
      const tls = text(inputs.minimumTlsVersion);
      if (tls === 'TLS1_0' || tls === 'TLS1_1')
        yield { input: 'minimumTlsVersion', message: `"${tls}" is broken, and Azure takes TLS1_2 at least` };
    },
  },
});

const settings: readonly [input: string, open: boolean, message: string][] = [
  ['allowBlobPublicAccess', true, 'containers may be made readable for everybody'],
  ['allowSharedKeyAccess', true, 'whoever has a key of the account may do everything'],
  ['allowCrossTenantReplication', true, 'data may be copied to accounts of other tenants'],
  ['enableHttpsTrafficOnly', false, 'the account answers over HTTP, which everybody on the way can read'],
];
