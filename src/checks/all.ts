import type { Check } from './check.ts';
import { offHoursInDevelopment, podFitsNode, timeZoneExists } from './cluster.ts';
import { longLivedTokens } from './job-token.ts';
import { knownRegion, kubernetesCalendar } from './names.ts';
import { addressSpace, gatewayHost, rules, subnetFits, subnetHolds } from './network.ts';
import { notBuiltYet } from './not-built-yet.ts';
import { knownNodeSize, nodeCounts, poolNames, roomForPods, zoneExists } from './pools.ts';
import {
  alertTimes,
  budgetStart,
  diskSuitsNode,
  registryParts,
  secretNames,
  secretStore,
  storageMaxFitsDisk,
  tagLimits,
  vaultAccess,
  vaultNetwork,
} from './storage.ts';

/** What no single key can say about itself. */
export const checks: readonly Check[] = [
  knownRegion,
  knownNodeSize,
  kubernetesCalendar,
  addressSpace,
  subnetFits,
  subnetHolds,
  gatewayHost,
  rules,
  roomForPods,
  zoneExists,
  nodeCounts,
  poolNames,
  offHoursInDevelopment,
  timeZoneExists,
  podFitsNode,
  storageMaxFitsDisk,
  diskSuitsNode,
  secretNames,
  secretStore,
  vaultAccess,
  vaultNetwork,
  registryParts,
  longLivedTokens,
  alertTimes,
  budgetStart,
  tagLimits,
  notBuiltYet,
];
