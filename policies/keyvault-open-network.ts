import { definePolicy } from '../src/policy/policy.ts';
import { isPresent, object, text } from '../src/views.ts';

export default definePolicy({
  id: 'keyvault-open-network',
  title: 'the vault must not answer the whole internet',
  why: 'a token that leaks can be used from anywhere; a firewall leaves only the networks that need the secrets',
  fix: "deny by default and let in the nodes' subnet (secrets.vault.network.default: deny does both)",
  source: 'https://learn.microsoft.com/azure/key-vault/general/network-security',
  levels: { production: 'mandatory', development: 'advisory' },
  waivable: true,
  resource: {
    *'azure-native:keyvault:Vault'({ inputs }) {
      const { publicNetworkAccess, networkAcls, ...others } = object(inputs.properties);
      if (Object.keys(others).length === 0 || text(publicNetworkAccess)?.toLowerCase() === 'disabled') return;
      // An unknown value may close it.
      if (isPresent(publicNetworkAccess) && text(publicNetworkAccess) === undefined) return;
      if (!isPresent(networkAcls))
        yield { input: 'properties.networkAcls', message: 'the vault has no firewall: every network reaches it' };
      else if (text(object(networkAcls).defaultAction) === 'Allow')
        yield {
          input: 'properties.networkAcls.defaultAction',
          message: 'the firewall of the vault lets every network in',
        };
    },
  },
});
