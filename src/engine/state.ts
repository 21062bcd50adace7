import { changeRules } from '../catalog/changes.ts';
import { type DeployedSpec, deployedSpecIn } from '../pulumi/deployed-spec.ts';
import { isStack, nameOf } from './outcome.ts';
import type { Opened } from './session.ts';

export { deployedSpecIn };

/** A resource as the stack has it. */
export type Held = {
  name: string;
  type: string;
  isProtected: boolean;
  /** Destroying the stack leaves it in Azure. */
  stays: boolean;
  lost?: string;
  inputs: Record<string, unknown>;
};

export type State = { resources: Held[]; deployed: DeployedSpec | undefined };

type Exported = {
  urn: string;
  type: string;
  protect?: boolean;
  retainOnDelete?: boolean;
  delete?: boolean;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
};

/** What the stack had when it was opened. */
export function stateOf({ held }: Pick<Opened, 'held'>): State {
  const { deployment } = JSON.parse(held) as { deployment?: { resources?: Exported[] } };
  const all = deployment?.resources ?? [];
  const stack = all.find(({ type }) => isStack(type));
  return {
    deployed: deployedSpecIn(stack?.outputs ?? {}),
    resources: all
      .filter((resource) => !isStack(resource.type) && !resource.delete)
      .map(({ urn, type, protect = false, retainOnDelete = false, inputs = {} }) => {
        const { lost } = changeRules(type);
        return {
          ...{ name: nameOf(urn), type, isProtected: protect, stays: retainOnDelete, inputs },
          ...(lost !== undefined && { lost }),
        };
      }),
  };
}
