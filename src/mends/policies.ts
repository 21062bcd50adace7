import type { Change, Value } from '../edit/change.ts';
import { type Mend, removing, writing } from '../edit/mend.ts';
import { parsePath } from '../spec/path.ts';
import type { Spec } from '../spec/schema.ts';

/** A violation at a path of the spec. */
type Violation = { policy: string; path: string; spec: Spec };

/**
 * What can be written into a spec to end the violation of a policy. Policies judge any program, so they know inputs and
 * not the keys of a spec; a value that would do in the place of the present one they name themselves. To
 * close a way in, or to take a right away, is a decision and never safe.
 */
export const mendsOfPolicy = ({ policy, ...violation }: Violation): Mend[] =>
  [...(mends[policy]?.({ policy, ...violation }) ?? [])].filter(({ changes }) => changes.length > 0);

type Mender = (violation: Violation) => Iterable<Mend>;

const itemOf = (path: string, list: string): { item: string; index: number } | undefined => {
  const [item, index] = new RegExp(`^${list.replaceAll('.', '\\.')}\\[(\\d+)\\]`).exec(path) ?? [];
  return item === undefined ? undefined : { item, index: Number(index) };
};

/** Only whoever is in the cluster or in a private range gets in. */
const closed: Mender = function* ({ path, spec }) {
  const [from, endpoint, index] = /^network\.expose\.(swarm|gateway|api)\.from(?:\[(\d+)\])?$/.exec(path) ?? [];
  if (endpoint !== undefined) {
    const ranges = spec.network.expose[endpoint as 'swarm' | 'gateway' | 'api'].from;
    yield index === undefined || ranges.length === 1
      ? writing((from as string).replace(/\[\d+\]$/, ''), ['cluster'])
      : removing(path);
  }
  const rule = itemOf(path, 'network.rules');
  if (!rule) return;
  const { sourceAddressPrefixes } = spec.network.rules[rule.index] ?? {};
  if (sourceAddressPrefixes === undefined) yield writing(`${rule.item}.sourceAddressPrefix`, 'VirtualNetwork');
  else
    yield {
      changes: [
        { path: `${rule.item}.sourceAddressPrefixes`, to: undefined },
        { path: `${rule.item}.sourceAddressPrefix`, to: 'VirtualNetwork' },
      ],
      safe: false,
    };
};

/** An allow that opens nothing can go; a deny may still be what somebody counts on. */
const withoutRule: Mender = function* ({ path, spec }) {
  const rule = itemOf(path, 'network.rules');
  if (rule && spec.network.rules[rule.index]?.access === 'Allow') yield removing(rule.item);
};

/** Behind every other rule, where it denies what they leave. */
const behindTheOthers: Mender = function* ({ path, spec }) {
  const rule = itemOf(path, 'network.rules');
  const taken = spec.network.rules.map(({ priority }) => priority);
  let last = 4096;
  while (taken.includes(last)) last--;
  if (rule) yield writing(`${rule.item}.priority`, last);
};

const overUdpToo: Mender = function* ({ path }) {
  const rule = itemOf(path, 'network.rules');
  if (rule) yield writing(`${rule.item}.protocol`, '*');
};

const reader = 'Key Vault Secrets User';

/** Secrets can be read, and nothing else done with them. */
const onlyReading: Mender = function* ({ path }) {
  const grant = itemOf(path, 'secrets.vault.access');
  if (grant && path.endsWith('.role')) yield writing(path, reader);
  else if (grant && /\.permissions\[\d+\]$/.test(path)) yield removing(path);
};

/** The same right in the other of the two ways in which vaults give them. */
const inTheOtherWay: Mender = function* ({ path, spec }) {
  const grant = itemOf(path, 'secrets.vault.access');
  const { role } = spec.secrets.vault.access[grant?.index ?? -1] ?? {};
  if (!grant) return;
  const [gone, come, to]: [string, string, Value] =
    role === undefined ? ['permissions', 'role', reader] : ['role', 'permissions', ['get', 'list']];
  const changes: Change[] = [
    { path: `${grant.item}.${gone}`, to: undefined },
    { path: `${grant.item}.${come}`, to },
  ];
  if (role === undefined || role === reader) yield { changes, safe: false };
};

/** Whoever answers for the node is told of what happens to it. */
const tellingItsOwner: Mender = function* ({ spec: { metadata } }) {
  if (metadata.owner !== undefined) yield writing('monitoring.notify', [metadata.owner]);
};

const mends: Readonly<Record<string, Mender>> = {
  'alert-without-action': tellingItsOwner,
  'keyvault-broad-permissions': onlyReading,
  'keyvault-grant-without-effect': inTheOtherWay,
  *'keyvault-open-network'({ path }) {
    const item = itemOf(path, 'secrets.vault.network.allow');
    yield item ? removing(item.item) : writing('secrets.vault.network.default', 'deny');
  },
  *'keyvault-setting-refused'({ path }) {
    // A private range lets nobody in, and Azure refuses it.
    if (parsePath(path).includes('allow')) yield removing(path, true);
  },
  'keyvault-unneeded-permissions': onlyReading,
  *'nsg-cuts-cluster-egress'({ path }) {
    const rule = itemOf(path, 'network.rules');
    if (rule) yield removing(rule.item);
  },
  'nsg-cuts-cluster-traffic': behindTheOthers,
  'nsg-missing-swarm-udp': overUdpToo,
  'nsg-open-admin-api': closed,
  'nsg-open-gateway': closed,
  'nsg-open-ssh': closed,
  'nsg-rule-shadowed': withoutRule,
  'nsg-rule-unused': withoutRule,
};
