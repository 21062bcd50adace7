import type { Handle } from '../builder.ts';
import { concat, type Expr } from '../expr.ts';
import type { Spec } from '../spec/schema.ts';
import { reachOf } from './exposure.ts';
import { mebibytes } from './pods.ts';
import { secretsPath } from './secrets-volume.ts';
import { swarmKeyName } from './vault.ts';

/** What garbage collection keeps below: as written, else three quarters of the disk. */
export const storageMaxGiB = (spec: Spec): number =>
  spec.node.ipfs.storageMaxGiB ?? Math.max(1, Math.floor(spec.storage.data.sizeGiB * 0.75));

export const settingsFile = '001-settings.sh';

/** kubo's image runs every script of /container-init.d before the daemon. */
export function settingsScript(spec: Spec, publicIp: Handle | undefined): string | Expr<string> {
  const { profile, swarmKey } = spec.node.ipfs;
  const isPrivate = swarmKey !== undefined;
  const lines = [
    '#!/bin/sh',
    'set -eu',
    ...(profile === 'default' ? [] : [`ipfs config profile apply ${profile}`]),
    `ipfs config Datastore.StorageMax ${storageMaxGiB(spec)}GiB`,
    `ipfs config --json Swarm.ResourceMgr.MaxMemory '"${Math.floor(mebibytes(spec.node.resources.memory) / 2)}MiB"'`,
    'ipfs config Addresses.API /ip4/0.0.0.0/tcp/5001',
    'ipfs config Addresses.Gateway /ip4/0.0.0.0/tcp/8080',
    ...(isPrivate ? privateNetwork : []),
  ];
  const before = `${lines.join('\n')}\n`;
  if (!publicIp || reachOf(spec, 'swarm').external.length === 0) return before;
  // Behind a load balancer the daemon sees private addresses only and would announce nothing anybody can reach.
  const ip = publicIp.output('ipAddress');
  const announce = `${before}ipfs config --json Addresses.AppendAnnounce '["/ip4/`;
  // QUIC has no private networks.
  return isPrivate
    ? concat(announce, ip, `/tcp/4001"]'\n`)
    : concat(announce, ip, '/tcp/4001", "/ip4/', ip, `/udp/4001/quic-v1"]'\n`);
}

/** Nobody of the public network has the key, so nobody of it is asked: https://github.com/ipfs/kubo/blob/master/docs/experimental-features.md#private-networks */
const privateNetwork = [
  `install -m 400 ${secretsPath}/${swarmKeyName} "$IPFS_PATH/swarm.key"`,
  'ipfs bootstrap rm --all',
  'ipfs config Routing.Type dht',
  // Known from 0.37 on, where a private node does not start without.
  "ipfs config --json AutoConf.Enabled false || echo 'this version has no AutoConf'",
];
