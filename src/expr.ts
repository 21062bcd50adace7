/**
 * A value that is known only while deploying, as plain data: it can be printed, compared and stored, and only the
 * `pulumi` folder knows how to resolve it.
 */
export type Expr<T = unknown> = { readonly $: ExprBody; readonly __type?: T };

export type ExprBody =
  /** An output of another resource of the plan, as in `oidcIssuerProfile.issuerURL`. */
  | { ref: string; output: string }
  /** A secret by reference, `env:NAME` or `file:PATH`; `path` is where the spec names it. */
  | { secret: string; path: string }
  /** A question to Azure: who deploys, or how to reach a cluster. */
  | { invoke: 'azure-native:authorization:getClientConfig'; output: 'tenantId' | 'subscriptionId' | 'objectId' }
  | {
      invoke: 'azure-native:containerservice:listManagedClusterUserCredentials';
      args: Record<string, unknown>;
      output: 'kubeconfig';
    }
  | { concat: readonly (string | Expr<string>)[] }
  /** The JSON text of a value that may hold expressions. */
  | { json: unknown }
  | { base64: string | Expr<string> };

export const isExpr = (value: unknown): value is Expr =>
  typeof value === 'object' &&
  value !== null &&
  '$' in value &&
  typeof value.$ === 'object' &&
  Object.keys(value).length === 1;

export const concat = (...parts: (string | Expr<string>)[]): Expr<string> => ({ $: { concat: parts } });
export const json = (value: unknown): Expr<string> => ({ $: { json: value } });
export const base64 = (value: string | Expr<string>): Expr<string> => ({ $: { base64: value } });
export const tenantId: Expr<string> = {
  $: { invoke: 'azure-native:authorization:getClientConfig', output: 'tenantId' },
};
export const secret = (reference: string, path: string): Expr<string> => ({ $: { secret: reference, path } });

/** Every expression inside a value, the value itself and the parts of expressions included. */
export function* expressionsIn(value: unknown): Generator<Expr> {
  if (typeof value !== 'object' || value === null) return;
  if (isExpr(value)) yield value;
  for (const part of Object.values(isExpr(value) ? value.$ : value)) yield* expressionsIn(part);
}
