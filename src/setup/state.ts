import { fingerprint } from '../fingerprint.ts';
import { az, type Environment, type Repository, type Step } from './step.ts';

const container = 'states';

export type Home = { group: string; subscription: string; region: string; account: string; node: string };

/** Where the state and the identities live: beside the environments, so that destroying one leaves them. */
export function homeOf({ node, subscription, region }: Environment, { owner, name }: Repository): Home {
  // As in the names of the nodes: eight hex digits that differ for anybody else.
  const suffix = fingerprint(`${subscription}/${owner}/${name}`.toLowerCase());
  const account = `${node.replaceAll('-', '').slice(0, 13)}st${suffix}`;
  return { group: `${node}-deploy-rg`, subscription, region, account, node };
}

export const backendUrl = ({ account }: Pick<Home, 'account'>): string =>
  `azblob://${container}?storage_account=${account}`;

export const stateScope = ({ subscription, group, account }: Home): string =>
  `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.Storage/storageAccounts/${account}/blobServices/default/containers/${container}`;

export function stateSteps({ group, subscription, region, account }: Home): Step[] {
  const storage = (...words: string[]): string[] => az(subscription, 'storage', ...words);
  return [
    {
      title: 'a group for the state and the identities',
      command: az(subscription, 'group', 'create', '--name', group, '--location', region, '--output', 'none'),
    },
    {
      title: 'a storage account for the state, without keys',
      command: storage(
        ...['account', 'create', '--name', account, '--resource-group', group, '--location', region],
        ...['--sku', 'Standard_LRS', '--kind', 'StorageV2', '--https-only', 'true', '--min-tls-version', 'TLS1_2'],
        ...['--allow-blob-public-access', 'false', '--allow-shared-key-access', 'false', '--output', 'none'],
      ),
    },
    {
      title: 'every version of the state is kept for 30 days',
      command: storage(
        ...['account', 'blob-service-properties', 'update', '--account-name', account, '--resource-group', group],
        ...['--enable-versioning', 'true', '--enable-delete-retention', 'true', '--delete-retention-days', '30'],
        ...['--output', 'none'],
      ),
    },
    {
      title: 'the container of the state',
      command: storage(
        ...['container-rm', 'create', '--storage-account', account, '--resource-group', group, '--name', container],
        ...['--output', 'none'],
      ),
    },
  ];
}
