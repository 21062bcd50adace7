import { changeRules } from '../catalog/changes.ts';
import { type DeployedSpec, type KeptSpecs, keptSpecsIn } from '../pulumi/deployed-spec.ts';
import { isStack, nameOf } from './outcome.ts';

export { type DeployedSpec, keptSpecsIn };

/** A resource as the stack has it. */
export type Held = {
  urn: string;
  /** Azure's own; a provider has none that means anything. */
  id?: string;
  name: string;
  type: string;
  isProtected: boolean;
  /** Destroying the stack leaves it in Azure. */
  stays: boolean;
  lost?: string;
  inputs: Record<string, unknown>;
};

export type State = {
  resources: Held[];
  deployed: DeployedSpec | undefined;
  /** The same one, and those before it. */
  kept: KeptSpecs;
  /** What was being made when a run was killed. */
  unfinished: Unfinished[];
};

export type Unfinished = {
  urn: string;
  type: string;
  /** The URN of its provider. */
  provider?: string;
};

type Exported = {
  urn: string;
  provider?: string;
  id?: string;
  type: string;
  protect?: boolean;
  retainOnDelete?: boolean;
  delete?: boolean;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
};

type Deployment = { resources?: Exported[]; pending_operations?: { type: string; resource: Exported }[] };

/** What a stack has, by what the engine exports of it: secrets as ciphertext. */
export function stateOf(exported: string): State {
  const { deployment } = JSON.parse(exported) as { deployment?: Deployment };
  const all = deployment?.resources ?? [];
  const stack = all.find(({ type }) => isStack(type));
  const kept = keptSpecsIn(stack?.outputs ?? {});
  return {
    ...{ deployed: kept.deployed, kept },
    unfinished: (deployment?.pending_operations ?? [])
      .filter(({ type }) => type === 'creating')
      .map(({ resource: { urn, type, provider } }) => ({
        ...{ urn, type },
        // The engine's reference to a provider ends with the id it had in that run.
        ...(provider !== undefined && { provider: provider.split('::').slice(0, -1).join('::') }),
      })),
    resources: all
      .filter((resource) => !isStack(resource.type) && !resource.delete)
      .map(({ urn, id, type, protect = false, retainOnDelete = false, inputs = {} }) => {
        const { lost } = changeRules(type);
        return {
          ...{ urn, name: nameOf(urn), type, isProtected: protect, stays: retainOnDelete, inputs },
          ...(id !== undefined && { id }),
          ...(lost !== undefined && { lost }),
        };
      }),
  };
}
