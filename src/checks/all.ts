import { budgetStart } from './budget.ts';
import type { Check } from './check.ts';
import { offHoursInDevelopment, podFitsNode, timeZoneExists } from './cluster.ts';
import { longLivedTokens } from './job-token.ts';
import { alertTimes, somethingIsWatched } from './monitoring.ts';
import { knownRegion, kubernetesCalendar } from './names.ts';
import {
  addressSpace,
  dnsRecord,
  gatewayHost,
  nobodyInsideTheCluster,
  rules,
  subnetFits,
  subnetHolds,
} from './network.ts';
import { knownNodeSize, nodeCounts, poolNames, roomForPods, zoneExists } from './pools.ts';
import { registryParts } from './registry.ts';
import { secretNames, secretStore, swarmKeyIsAlone, vaultAccess } from './secrets.ts';
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
  storageMaxFitsDisk,
  diskHasZone,
  restorable,
  backupLimits,
  secretNames,
  swarmKeyIsAlone,
  secretStore,
  vaultAccess,
  registryParts,
  longLivedTokens,
  alertTimes,
  somethingIsWatched,
  budgetStart,
  tagLimits,
];
