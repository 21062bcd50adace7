import { permissionsOf } from '../../catalog/permissions.ts';
import type { Resource } from '../../plan.ts';
import { referenceOf, text } from '../../views.ts';

/** A resource as the stack has it, with the id that Azure gave it. */
export type Known = { name: string; type: string; id?: string; inputs: Record<string, unknown> };

const groupType = 'azure-native:resources:ResourceGroup';
const assignmentType = 'azure-native:authorization:RoleAssignment';

/** Where an environment is in Azure: its own groups, what the stack has in them and what the plan promises of it. */
export class Home {
  /** The ids of the groups; that of the nodes is not among them, AKS does there what it likes. */
  readonly groups: readonly string[];
  readonly known: readonly Known[];
  readonly #plan: readonly Resource[];
  readonly #byId: ReadonlyMap<string, Known>;
  readonly #principals: ReadonlyMap<string, string>;

  constructor(plan: readonly Resource[], known: readonly Known[]) {
    const azures = known.filter(
      ({ type, id }) => type.startsWith('azure-native:') && id?.startsWith('/subscriptions/'),
    );
    this.#plan = plan;
    this.known = azures;
    this.groups = azures.flatMap(({ type, id }) => (type === groupType && id !== undefined ? [id] : []));
    this.#byId = new Map(azures.map((each) => [keyOf(each.id ?? ''), each]));
    this.#principals = principalsOf(plan, azures);
  }

  get subscription(): string | undefined {
    return this.groups[0]?.split('/')[2];
  }

  /** Has the stack it, or is it something that the plan makes and whose making nobody wrote down? */
  isOurs(id: string, type: string): boolean {
    return this.#byId.has(keyOf(id)) || this.#isPlanned(type, nameIn(id));
  }

  /** The resource of the stack that an id is of, or is below. */
  place(id: string): { name: string; words: string } {
    const parts = id.split('/');
    for (let length = parts.length; length > 0; length--) {
      const found = this.#byId.get(keyOf(parts.slice(0, length).join('/')));
      const rest = parts.slice(length).filter((part) => part !== 'providers');
      if (found)
        return {
          name: found.name,
          words: rest.length === 0 ? `"${found.name}"` : `"${rest.slice(-2).join('/')}" in "${found.name}"`,
        };
    }
    return { name: '', words: `"${nameIn(id)}"` };
  }

  /** One of the environment's own identities by its number, as the assignments that the plan makes show. */
  identity(principalId: string): string | undefined {
    return this.#principals.get(keyOf(principalId));
  }

  #isPlanned(type: string, name: string): boolean {
    return this.#plan.some(
      (resource) =>
        permissionsOf(resource.type)?.type.toLowerCase() === type.toLowerCase() &&
        Object.values(resource.inputs).some((value) => keyOf(text(value) ?? '') === keyOf(name)),
    );
  }
}

function principalsOf(plan: readonly Resource[], known: readonly Known[]): Map<string, string> {
  const pairs = known.flatMap(({ type, name, inputs }): [string, string][] => {
    const promised = type === assignmentType ? plan.find((each) => each.name === name) : undefined;
    const [identity, number] = [referenceOf(promised?.inputs.principalId), text(inputs.principalId)];
    return identity !== undefined && number !== undefined ? [[keyOf(number), identity]] : [];
  });
  return new Map(pairs);
}

/** The ids of Azure have no case. */
export const keyOf = (id: string): string => id.toLowerCase().replace(/\/$/, '');

export const isBelow = (id: string, scope: string): boolean =>
  keyOf(id) === keyOf(scope) || keyOf(id).startsWith(`${keyOf(scope)}/`);

export const nameIn = (id: string): string => id.slice(id.lastIndexOf('/') + 1);
