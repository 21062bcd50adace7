import type { Handle, PlanBuilder } from '../builder.ts';
import type { Expr } from '../expr.ts';
import type { Names } from './names.ts';

/** A right somebody needs: a role at a scope. `who` and `where` are short names that make the assignment's own. */
export type Grant = {
  who: string;
  principalId: () => string | Expr<string>;
  /** Said, because Azure otherwise looks the principal up at once, and a new identity is often not there yet (PrincipalNotFound). */
  principalType: () => 'User' | 'Group' | 'ServicePrincipal';
  role: () => string;
  roleKey?: string;
  where: string;
  scope: Expr<string> | (() => string | Expr<string>);
  origin: string;
};

/** Turns the grants that every concern asks for into role assignments, each one once: Azure refuses a second one (RoleAssignmentExists). */
export class Access {
  readonly #plan: PlanBuilder;
  readonly #names: Names;
  readonly #granted = new Map<string, Handle>();

  constructor(plan: PlanBuilder, names: Names) {
    this.#plan = plan;
    this.#names = names;
  }

  grant({ who, principalId, principalType, role, roleKey = role(), where, scope, origin }: Grant): Handle {
    const name = `grant-${who}-${roleKey.toLowerCase().replaceAll(' ', '-')}-on-${where}`;
    const known = this.#granted.get(name);
    if (known) return known;
    const handle = this.#plan.resource('azure-native:authorization:RoleAssignment', name, origin, () => ({
      principalId,
      principalType,
      roleDefinitionId: () => this.#names.role(role()),
      scope,
    }));
    this.#granted.set(name, handle);
    return handle;
  }
}
