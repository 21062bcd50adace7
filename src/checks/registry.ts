import { removing, writing } from '../edit/mend.ts';
import { registryName } from '../resources/registry.ts';
import type { Check, CheckFinding } from './check.ts';

export const registryParts: Check = function* (spec) {
  const { registry, node } = spec;
  if (!registry) return;
  if (registry.kind === 'acr') {
    for (const key of ['username', 'password'] as const) {
      if (registry[key] !== undefined)
        yield {
          code: 'spec/conflict',
          path: `registry.${key}`,
          message: `a registry of kind acr needs no ${key}: the nodes pull by their identity`,
          mends: [removing(`registry.${key}`, true)],
        };
    }
    yield* imageOf(registryName(spec), node.image);
    if (registry.create !== false && registry.resourceGroup !== undefined)
      yield {
        code: 'spec/conflict',
        path: 'registry.resourceGroup',
        message: "a registry that is made here is in the environment's own resource group",
        help: 'create: false',
        mends: [writing('registry.create', false)],
      };
    if (registry.create === false && registry.sku !== undefined)
      yield {
        code: 'spec/conflict',
        path: 'registry.sku',
        message: 'a registry that exists has its tier already',
        related: { path: 'registry.create', message: 'it exists' },
        mends: [removing('registry.sku')],
      };
    return;
  }
  for (const key of ['username', 'password'] as const) {
    if (registry[key] === undefined)
      yield {
        code: 'spec/missing-key',
        path: `registry.${key}`,
        message: `a registry of kind ${registry.kind} needs "${key}"`,
        mends: [writing(`registry.${key}`, `env:REGISTRY_${key.toUpperCase()}`)],
      };
  }
  for (const key of ['name', 'sku', 'create', 'resourceGroup'] as const) {
    if (registry[key] !== undefined)
      yield {
        code: 'spec/conflict',
        path: `registry.${key}`,
        message: `"${key}" is for a registry of kind acr`,
        mends: [removing(`registry.${key}`)],
      };
  }
};

function* imageOf(registry: string | undefined, image: string): Generator<CheckFinding> {
  if (registry !== undefined && image.toLowerCase().startsWith(`${registry.toLowerCase()}.azurecr.io/`)) return;
  yield {
    code: 'spec/conflict',
    path: 'node.image',
    message:
      registry === undefined
        ? `"${image}" is not in an Azure Container Registry, and the registry has no name`
        : `"${image}" is not in the registry "${registry}.azurecr.io"`,
    help: `an image such as ${registry ?? 'perpetualregistry'}.azurecr.io/perpetual-node:1.4.2`,
    related: { path: 'registry.kind', message: 'the registry' },
  };
}
