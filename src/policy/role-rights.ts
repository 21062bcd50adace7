import { guidOf, type RoleActions, roleNameOf, vaultRoleActions } from '../catalog/roles.ts';
import type { Resource } from '../plan.ts';
import { isPresent, items, object, referenceOf, text } from '../views.ts';
import { ofType } from './references.ts';

/** A right on what a vault holds, in the words of access policies: `secrets/get`. */
export type Right = `${string}/${string}`;

/** What a role allows on a vault. */
export type RoleRights = {
  name: string;
  /** On secrets, keys and certificates. */
  data: ReadonlySet<Right>;
  /** May it change the vault: its firewall, its access policies, its existence? */
  manages: boolean;
  /** May it give rights, to itself as well? */
  assigns: boolean;
  /** May it destroy for good what was deleted? */
  purges: boolean;
};

/** On keys and certificates alike. */
const whole = {
  read: 'get',
  'create/action': 'create',
  'import/action': 'import',
  'update/action': 'update',
  delete: 'delete',
  'backup/action': 'backup',
  'restore/action': 'restore',
  'recover/action': 'recover',
  'purge/action': 'purge',
};

const kinds: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  secrets: {
    'getSecret/action': 'get',
    'readMetadata/action': 'list',
    'setSecret/action': 'set',
    'update/action': 'set',
    delete: 'delete',
    'backup/action': 'backup',
    'restore/action': 'restore',
    'recover/action': 'recover',
    'purge/action': 'purge',
  },
  keys: {
    ...whole,
    'encrypt/action': 'encrypt',
    'decrypt/action': 'decrypt',
    'wrap/action': 'wrapkey',
    'unwrap/action': 'unwrapkey',
    'sign/action': 'sign',
    'verify/action': 'verify',
    'release/action': 'release',
    'rotate/action': 'rotate',
  },
  certificates: whole,
};

/** Every data action on a vault that bears on somebody's rights, and what access policies call it. */
const dataActions: readonly (readonly [action: string, right: Right])[] = Object.entries(kinds).flatMap(
  ([kind, actions]) =>
    Object.entries(actions).map(
      ([action, right]) => [`Microsoft.KeyVault/vaults/${kind}/${action}`, `${kind}/${right}`] as const,
    ),
);

/** May the role do everything with secrets, keys and certificates? */
export const hasEverything = ({ data }: RoleRights): boolean => dataActions.every(([, right]) => data.has(right));

/** Rights that let nobody see or change a value. */
export const isMetadata = (right: Right): boolean => /\/list$|^(keys|certificates)\/get$/.test(right);

/** What the role of an assignment allows on vaults, when that is certain: a built-in role or one of the same program. */
export function roleRightsOf(definitionId: unknown, resources: readonly Resource[]): RoleRights | undefined {
  const referred = referenceOf(definitionId);
  const id = text(definitionId);
  const builtIn = id === undefined ? undefined : roleNameOf(id);
  if (builtIn !== undefined) return builtInRights(builtIn);
  const custom = ofType(resources, 'azure-native:authorization:RoleDefinition').find(
    ({ name, inputs }) =>
      name === referred || (id !== undefined && guidOf(text(inputs.roleDefinitionId) ?? '-') === guidOf(id)),
  );
  return custom && customRights(custom);
}

const known = new Map<string, RoleRights | undefined>();

function builtInRights(name: string): RoleRights | undefined {
  if (!known.has(name)) {
    const actions = vaultRoleActions(name);
    known.set(name, actions && rightsFrom(name, [actions]));
  }
  return known.get(name);
}

function customRights({ name, inputs }: Resource): RoleRights {
  const permissions = items(inputs.permissions).map((each): RoleActions => {
    const { actions, notActions, dataActions, notDataActions } = object(each);
    return {
      actions: certain(actions, notActions),
      notActions: texts(notActions),
      dataActions: certain(dataActions, notDataActions),
      notDataActions: texts(notDataActions),
    };
  });
  return rightsFrom(text(inputs.roleName) ?? name, permissions);
}

const texts = (value: unknown): string[] => items(value).flatMap((each) => text(each) ?? []);

// An exception that is not known may take away what else would be given.
const certain = (allowed: unknown, except: unknown): string[] =>
  isPresent(except) && texts(except).length !== (Array.isArray(except) ? except.length : -1) ? [] : texts(allowed);

function rightsFrom(name: string, permissions: readonly RoleActions[]): RoleRights {
  const data = dataActions.filter(([action]) =>
    permissions.some(
      ({ dataActions = [], notDataActions = [] }) => covers(dataActions, action) && !covers(notDataActions, action),
    ),
  );
  return {
    name,
    data: new Set(data.map(([, right]) => right)),
    manages: allows(permissions, 'Microsoft.KeyVault/vaults/write'),
    assigns: allows(permissions, 'Microsoft.Authorization/roleAssignments/write'),
    purges: allows(permissions, 'Microsoft.KeyVault/locations/deletedVaults/purge/action'),
  };
}

/** May whoever has all of these do it? What one of them excepts another may give. */
export const allows = (permissions: readonly RoleActions[], action: string): boolean =>
  permissions.some(({ actions = [], notActions = [] }) => covers(actions, action) && !covers(notActions, action));

const covers = (patterns: readonly string[], action: string): boolean =>
  patterns.some((pattern) => expressionOf(pattern).test(action));

const expressions = new Map<string, RegExp>();

/** Made once: each is asked about every action, and to make one takes longer than to ask. */
function expressionOf(pattern: string): RegExp {
  const known = expressions.get(pattern);
  if (known) return known;
  const parts = pattern.split('*').map((part) => part.replace(/[^\w/]/g, '\\$&'));
  const made = new RegExp(`^${parts.join('.*')}$`, 'i');
  expressions.set(pattern, made);
  return made;
}
