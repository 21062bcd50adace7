import { metricAlert } from '../../catalog/prices.ts';
import { daysPerMonth } from '../../cost/item.ts';
import { collectsLogs } from '../../resources/logs.ts';
import type { Spec } from '../../spec/schema.ts';
import { halvings, type Lever, type Option, type Premises, type Sacrifice } from '../lever.ts';

export const serviceLevers = ({ spec }: Premises): Lever[] => [
  tier(spec),
  offHours(spec),
  logs(spec),
  alerts(spec),
  registry(spec),
];

const only = (change: Sacrifice): Option => ({ changes: [change] });

function tier({ cluster }: Spec): Option[] {
  const path = 'cluster.tier';
  const support = 'no long-term support of the Kubernetes version';
  const sla = 'no SLA of the API server';
  if (cluster.tier === 'Free') return [];
  if (cluster.tier === 'Standard') return [only({ path, to: 'Free', loses: sla, weight: 2 })];
  return [
    only({ path, to: 'Standard', loses: support, weight: 1.5 }),
    only({ path, to: 'Free', loses: `${sla}, and ${support}`, weight: 3.5 }),
  ];
}

/** Only where the node need not stay up. */
function offHours({ cluster, metadata }: Spec): Option[] {
  if (metadata.stage !== 'development' || cluster.offHours) return [];
  const to = { stop: '19:00', start: '07:00' };
  const loses = 'the cluster is stopped from 19:00 to 07:00 UTC and at weekends';
  return [only({ path: 'cluster.offHours', to, loses, weight: 2.5 })];
}

function logs(spec: Spec): Option[] {
  if (!collectsLogs(spec)) return [];
  const written = spec.monitoring?.logs;
  const { dailyCapGb, keepDays } = written ?? { dailyCapGb: 0.15, keepDays: 30 };
  const taken = Math.min(spec.usage.logsGbPerDay, dailyCapGb);
  const spans = [keepDays, ...[180, 90, 31].filter((days) => days < keepDays)];
  // What comes free of charge, and half of what comes in; three decimals are as fine as anybody writes it.
  const free = Math.floor((spec.usage.freeLogGb / daysPerMonth) * 1000) / 1000;
  const caps = new Set([Math.round(taken * 500) / 1000, free].filter((cap) => cap >= 0.023 && cap < taken));
  const fewer = spans.flatMap((days) =>
    [undefined, ...caps].map((cap): Option => {
      const shorter: Sacrifice = {
        path: 'monitoring.logs.keepDays',
        to: days,
        loses: `logs kept for ${days} days in place of ${keepDays}`,
        weight: 0.3 + 0.4 * halvings(keepDays, days),
      };
      const capped: Sacrifice = {
        path: 'monitoring.logs.dailyCapGb',
        to: cap,
        loses: `logs stop for the day at ${cap} GB of the ${taken} assumed`,
        weight: 0.8 + halvings(taken, cap ?? taken),
      };
      return { changes: [...(days === keepDays ? [] : [shorter]), ...(cap === undefined ? [] : [capped])] };
    }),
  );
  const none: Sacrifice = {
    path: 'monitoring.logs',
    to: undefined,
    loses: 'no logs and none of the alerts made from them',
    weight: 4,
  };
  const blind: Sacrifice = { path: 'storage.growth', to: undefined, loses: 'no warning of a full disk', weight: 2 };
  return [
    ...fewer.filter(({ changes }) => changes.length > 0),
    { changes: [...(written ? [none] : []), ...(spec.storage.growth ? [blind] : [])] },
  ];
}

/** The most verbose go first, down to what Azure watches for nothing. */
function alerts({ monitoring, azure }: Spec): Option[] {
  const all = monitoring?.alerts ?? [];
  const free = metricAlert(azure.region)?.free ?? 0;
  const goes = all
    .map(({ severity, metric }, index) => ({ severity, metric, index }))
    .sort((a, b) => b.severity - a.severity || b.index - a.index)
    .slice(0, Math.max(0, all.length - free));
  if (goes.length === 0) return [];
  const changes = goes.map(({ index, metric, severity }) => ({
    path: `monitoring.alerts[${index}]`,
    to: undefined,
    loses: `no alert of severity ${severity} on ${metric}`,
    weight: 0.4,
  }));
  return [{ changes }];
}

function registry({ registry }: Spec): Option[] {
  if (registry?.kind !== 'acr' || registry.create === false || !registry.sku) return [];
  const lesser = { Premium: ['Standard', 'Basic'], Standard: ['Basic'], Basic: [] }[registry.sku];
  return lesser.map((to) =>
    only({
      path: 'registry.sku',
      to,
      loses: `a registry of the tier ${to} in place of ${registry.sku}: slower, and with less storage included`,
      weight: to === 'Standard' ? 0.8 : 1.2,
    }),
  );
}
