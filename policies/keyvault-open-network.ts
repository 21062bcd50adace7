import { definePolicy, type Finding } from '../src/policy/policy.ts';
import { addressesIn } from '../src/policy/ranges.ts';
import { isPresent, items, object, text } from '../src/views.ts';

// Nobody who needs the secrets has more addresses than a /8 has.
const most = 2 ** 24;

// What closes the vault to the internet whatever its firewall says.
const closed = /^(disabled|securedbyperimeter)$/i;

export default definePolicy({
  id: 'keyvault-open-network',
  title: 'the vault must not answer the whole internet',
  why: 'a token that leaks can be used from anywhere; a firewall leaves only the networks that need the secrets',
  fix: "deny by default and let in the nodes' subnet (secrets.vault.network.default: deny does both)",
  source: 'https://learn.microsoft.com/azure/key-vault/general/network-security',
  example: {
    wrong: 'networkAcls: { defaultAction: Allow }',
    right: 'networkAcls: { defaultAction: Deny, virtualNetworkRules: [...] }',
  },
  levels: { production: 'mandatory', development: 'advisory' },
  waivable: true,
  resource: {
    *'azure-native:keyvault:Vault'({ inputs }) {
      const { publicNetworkAccess, networkAcls, ...others } = object(inputs.properties);
      if (Object.keys(others).length === 0) return;
      // An unknown value may close it.
      if (isPresent(publicNetworkAccess) && closed.test(text(publicNetworkAccess) ?? 'disabled')) return;
      if (!isPresent(networkAcls))
        yield { input: 'properties.networkAcls', message: 'the vault has no firewall: every network reaches it' };
      if (object(networkAcls) !== networkAcls) return;
      const { defaultAction, ipRules } = object(networkAcls);
      const input = 'properties.networkAcls.defaultAction';
      if (!isPresent(defaultAction))
        yield { input, message: 'the firewall of the vault does not say what happens to networks it does not name' };
      else if (text(defaultAction)?.toLowerCase() === 'allow')
        yield { input, message: 'the firewall of the vault lets every network in' };
      else yield* openRanges(items(ipRules));
    },
  },
});

function* openRanges(rules: readonly unknown[]): Generator<Finding> {
  const ranges = rules.map((rule) => text(object(rule).value) ?? '');
  let found = false;
  for (const [index, range] of ranges.entries()) {
    const count = addressesIn([range]);
    if (count < most) continue;
    found = true;
    yield {
      input: `properties.networkAcls.ipRules[${index}].value`,
      message: `"${range}" lets ${share(count)} of the internet in`,
    };
  }
  const together = addressesIn(ranges);
  if (!found && together >= most)
    yield {
      input: 'properties.networkAcls.ipRules',
      message: `these ranges let ${share(together)} of the internet in`,
    };
}

const share = (addresses: number): string =>
  addresses >= 2 ** 32 ? 'all' : `${((addresses / 2 ** 32) * 100).toFixed(1)} percent`;
