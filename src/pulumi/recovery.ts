import type { Plan, Resource } from '../plan.ts';
import { namesUsedBy } from '../views.ts';

/**
 * Azure keeps a deleted vault with its secrets and gives its name to nobody, and who asks for a vault must say whether it
 * is to be that one. The engine can't ask what is kept; `perpetual up` learns it when it is refused, and says it here.
 */
export const recoveryVariable = 'PERPETUAL_RECOVER_VAULT';

/** The vault that comes back and what it stands on. Azure takes nothing of its inputs but that: what it was, it is again. */
export function recoveryOf(plan: Plan): Plan {
  const wanted = new Set<Resource>();
  const want = (resource: Resource | undefined): void => {
    if (!resource || wanted.has(resource)) return;
    wanted.add(resource);
    for (const name of namesUsedBy(resource)) want(plan.resources.find((each) => each.name === name));
  };
  for (const resource of plan.resources) if (isVault(resource)) want(resource);
  return { ...plan, resources: plan.resources.filter((each) => wanted.has(each)).map(recovered) };
}

const isVault = ({ type }: Resource): boolean => type === 'azure-native:keyvault:Vault';

const recovered = (resource: Resource): Resource =>
  isVault(resource)
    ? {
        ...resource,
        inputs: {
          ...resource.inputs,
          properties: { ...(resource.inputs.properties as object), createMode: 'recover' },
        },
      }
    : resource;
