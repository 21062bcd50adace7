import { createHash } from 'node:crypto';
import { roleNameOf } from '../../../src/catalog/roles.ts';
import type { CloudState, Held } from '../cloud.ts';
import type { Properties } from '../provider.ts';
import { isUnder } from './arm-path.ts';

/** Who deploys, where, and on which day. */
export type Account = {
  subscriptionId: string;
  tenantId: string;
  clientId: string;
  objectId: string;
  /** `YYYY-MM-DD`. */
  today: string;
  /** Where something answers for the API servers of all clusters, with its certificate in base64. */
  api?: { address: string; authority: string };
};

export type RoleAssignment = { principalId: string; roleDefinitionId: string; scope: string };

/** The cloud as the rules of a service look at it. */
export class World {
  readonly state: CloudState;
  readonly account: Account;

  constructor(state: CloudState, account: Account) {
    this.state = state;
    this.account = account;
  }

  get(id: string): Held | undefined {
    return this.state.resources[id.toLowerCase()];
  }

  put(held: Held): void {
    this.state.resources[held.id.toLowerCase()] = held;
  }

  remove(id: string): void {
    const key = id.toLowerCase();
    delete this.state.resources[key];
    this.state.generations[key] = this.generation(id) + 1;
  }

  /** How many resources have had this id before. */
  generation(id: string): number {
    return this.state.generations[id.toLowerCase()] ?? 0;
  }

  all(type: string): Held[] {
    return Object.values(this.state.resources).filter((held) => held.type === type);
  }

  /** Everything below a resource, itself not included. */
  below(id: string): Held[] {
    return Object.values(this.state.resources).filter(
      (held) => isUnder(held.id, id) && held.id.toLowerCase() !== id.toLowerCase(),
    );
  }

  roleAssignments(): RoleAssignment[] {
    return this.all('azure-native:authorization:RoleAssignment').map(({ inputs }) => inputs as RoleAssignment);
  }

  /** Whether a principal holds one of these built-in roles on a scope or above it. */
  holds(principalId: string, roles: readonly string[], scope: string): boolean {
    return this.roleAssignments().some(
      (grant) =>
        grant.principalId === principalId &&
        isUnder(scope, grant.scope) &&
        roles.includes(roleNameOf(grant.roleDefinitionId) ?? ''),
    );
  }

  /** What the directory knows: the deployer, and every identity with the kind of principal it is. */
  principals(): Map<string, string> {
    const known = new Map([[this.account.objectId, 'User']]);
    const note = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      for (const [key, part] of Object.entries(value)) {
        if ((key === 'principalId' || key === 'objectId') && typeof part === 'string')
          known.set(part, 'ServicePrincipal');
        else note(part);
      }
    };
    for (const held of Object.values(this.state.resources)) {
      if (held.type !== 'azure-native:authorization:RoleAssignment' && !held.type.startsWith('azure-native:keyvault:'))
        note(held.outputs);
    }
    return known;
  }
}

/** A GUID that is always the same for the same text. */
export function guid(...text: string[]): string {
  const hex = createHash('sha256').update(text.join('\n').toLowerCase()).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `5${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}

/** The location of something held, or nothing. */
export const locationOf = (held: { inputs: Properties } | undefined): string =>
  normalLocation(String(held?.inputs.location ?? ''));

/** `East US` and `eastus` are one place. */
export const normalLocation = (location: string): string => location.toLowerCase().replaceAll(' ', '');
