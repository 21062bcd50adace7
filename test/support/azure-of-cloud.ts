import type { CloudState, Held } from '../stand-in/cloud.ts';
import { list, type World } from './azure.ts';

/** What Azure's resource manager says of what is in the stand-ins' cloud. */
export function worldOf(cloud: () => CloudState): World {
  const all = (path: string, ending: string, isOne: (held: Held, below: string) => boolean) => {
    const above = path.slice(0, path.toLowerCase().lastIndexOf(ending.toLowerCase())).toLowerCase();
    const found = Object.values(cloud().resources).filter((held) =>
      isOne(held, held.id.toLowerCase().slice(above.length)),
    );
    return found.filter(({ id }) => id.toLowerCase().startsWith(`${above}/`));
  };
  const isOf = (held: Held, type: string): boolean => held.type === `azure-native:${type}`;
  return {
    '/resources': ({ path }) =>
      list(
        all(path, '/resources', (_, below) =>
          /^\/providers\/(?!microsoft\.authorization)[^/]+\/[^/]+\/[^/]+$/.test(below),
        ).map(({ id, inputs: { location, sku, tags } }) => {
          const [namespace, type, name] = id.split('/').slice(-3);
          return { id, type: `${namespace}/${type}`, name, location, sku, tags };
        }),
      ),
    '/providers/Microsoft.Authorization/roleAssignments': ({ path }) =>
      list(
        all(path, '/providers/Microsoft.Authorization/roleAssignments', (held) =>
          isOf(held, 'authorization:RoleAssignment'),
        ).map(({ id, inputs, outputs }) => ({ id, properties: { ...inputs, ...outputs } })),
      ),
    '/providers/Microsoft.Authorization/locks': list([]),
    '/federatedIdentityCredentials': ({ path }) =>
      list(
        all(path, '/federatedIdentityCredentials', (held) =>
          isOf(held, 'managedidentity:FederatedIdentityCredential'),
        ).map(({ id, inputs }) => ({ id, properties: inputs })),
      ),
  };
}
