import { guid } from './azure/world.ts';
import type { Settings } from './azure-native.ts';
import { Cloud } from './cloud.ts';
import { faultsOf, parseFaults } from './faults.ts';
import { parseSeeds, type Seed } from './seed.ts';

/**
 * What a provider started by the engine works on, from the environment:
 * `PERPETUAL_STANDIN_CLOUD` the file with the cloud (in memory without it), `PERPETUAL_STANDIN_LATENCY` a factor on real
 * times, `PERPETUAL_STANDIN_FAULTS` a JSON list of faults, `PERPETUAL_STANDIN_API` in JSON where something answers for the API servers of clusters, `PERPETUAL_STANDIN_SEED` one of what was there before, `PERPETUAL_AS_OF` the day, `ARM_…` who deploys.
 */
export function fromEnvironment(environment: NodeJS.ProcessEnv): { cloud: Cloud; settings: Settings; seeds: Seed[] } {
  const { PERPETUAL_STANDIN_API: api } = environment;
  const cloud = new Cloud(environment.PERPETUAL_STANDIN_CLOUD);
  return {
    cloud,
    seeds: parseSeeds(environment.PERPETUAL_STANDIN_SEED),
    settings: {
      account: {
        subscriptionId: environment.ARM_SUBSCRIPTION_ID ?? '11111111-2222-3333-4444-555555555555',
        tenantId: environment.ARM_TENANT_ID ?? guid('tenant'),
        clientId: environment.ARM_CLIENT_ID ?? guid('deployer client'),
        objectId: guid('deployer', environment.ARM_CLIENT_ID ?? ''),
        today: environment.PERPETUAL_AS_OF ?? new Date().toISOString().slice(0, 10),
        ...(api && { api: JSON.parse(api) }),
      },
      faults: faultsOf(cloud, parseFaults(environment.PERPETUAL_STANDIN_FAULTS)),
      latency: Number(environment.PERPETUAL_STANDIN_LATENCY ?? 0),
    },
  };
}
