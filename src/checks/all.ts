import { budgetStart, budgetStartsSoon } from './budget.ts';
import { disksFitNode, podFitsNode, podRangeHolds, subnetHolds } from './capacity.ts';
import type { Check } from './check.ts';
import { offHoursInDevelopment, timeZoneExists } from './cluster.ts';
import { longLivedTokens } from './job-token.ts';
import { alertTimes, somethingIsWatched } from './monitoring.ts';
import { knownRegion, kubernetesCalendar } from './names.ts';
import { addressSpace, dnsRecord, gatewayHost, nobodyInsideTheCluster, rules, subnetFits } from './network.ts';
import { knownNodeSize, nodeCounts, poolNames, roomForPods, zoneExists } from './pools.ts';
import { registryParts } from './registry.ts';
import { secretNames, secretStore, secretsInDate, swarmKeyIsAlone, vaultAccess, vaultApiLasts } from './secrets.ts';
import { backupLimits, diskHasZone, restorable, storageMaxFitsDisk } from './storage.ts';
import { tagLimits } from './tags.ts';

/** What no single key can say about itself. */
export const checks: readonly Check[] = [
  knownRegion,
  knownNodeSize,
  kubernetesCalendar,
  addressSpace,
  subnetFits,
  subnetHolds,
  podRangeHolds,
  gatewayHost,
  dnsRecord,
  nobodyInsideTheCluster,
  rules,
  roomForPods,
  zoneExists,
  nodeCounts,
  poolNames,
  offHoursInDevelopment,
  timeZoneExists,
  podFitsNode,
  disksFitNode,
  storageMaxFitsDisk,
  diskHasZone,
  restorable,
  backupLimits,
  secretNames,
  secretsInDate,
  swarmKeyIsAlone,
  secretStore,
  vaultAccess,
  vaultApiLasts,
  registryParts,
  longLivedTokens,
  alertTimes,
  somethingIsWatched,
  budgetStart,
  budgetStartsSoon,
  tagLimits,
];
