import { metricAlert } from '../../catalog/prices.ts';
import { daysPerMonth } from '../../cost/item.ts';
import { collectsLogs } from '../../resources/logs.ts';
import type { Spec } from '../../spec/schema.ts';
import type { Change } from '../change.ts';
import { halvings, type Lever, type Option, type Premises } from '../lever.ts';

export function serviceLevers({ spec }: Premises): Lever[] {
  return [
    { name: 'cluster.tier', options: [...tier(spec)] },
    { name: 'cluster.offHours', options: [...offHours(spec)] },
    { name: 'monitoring.logs', options: [...logs(spec)] },
    { name: 'monitoring.alerts', options: [...alerts(spec)] },
    { name: 'registry', options: [...registry(spec)] },
  ];
}

function* tier({ cluster }: Spec): Generator<Option> {
  const path = 'cluster.tier';
  const support = 'no long-term support of the Kubernetes version';
  if (cluster.tier === 'Premium') yield { changes: [{ path, to: 'Standard' }], loses: support, weight: 1.5 };
  if (cluster.tier !== 'Free')
    yield {
      changes: [{ path, to: 'Free' }],
      loses: `no SLA of the API server${cluster.tier === 'Premium' ? `, and ${support}` : ''}`,
      weight: cluster.tier === 'Premium' ? 3.5 : 2,
    };
}

/** Only where the node need not stay up. */
function* offHours({ cluster, metadata }: Spec): Generator<Option> {
  if (metadata.stage !== 'development' || cluster.offHours) return;
  yield {
    changes: [{ path: 'cluster.offHours', to: { stop: '19:00', start: '07:00' } }],
    loses: 'the cluster is stopped from 19:00 to 07:00 UTC and at weekends',
    weight: 2.5,
  };
}

function* logs(spec: Spec): Generator<Option> {
  if (!collectsLogs(spec)) return;
  const written = spec.monitoring?.logs;
  const { dailyCapGb, keepDays } = written ?? { dailyCapGb: 0.15, keepDays: 30 };
  const taken = Math.min(spec.usage.logsGbPerDay, dailyCapGb);
  const shorter = [180, 90, 31].filter((days) => days < keepDays);
  // What comes free of charge, and a half of what comes in; three decimals are what Azure looks at.
  const free = Math.floor((spec.usage.freeLogGb / daysPerMonth) * 1000) / 1000;
  const caps = [...new Set([Math.round(taken * 500) / 1000, free])].filter((cap) => cap >= 0.023 && cap < taken);
  for (const days of [undefined, ...shorter])
    for (const cap of [undefined, ...caps]) {
      const changes: Change[] = [
        ...(days === undefined ? [] : [{ path: 'monitoring.logs.keepDays', to: days }]),
        ...(cap === undefined ? [] : [{ path: 'monitoring.logs.dailyCapGb', to: cap }]),
      ];
      const losses = [
        ...(days === undefined ? [] : [`logs kept for ${days} days in place of ${keepDays}`]),
        ...(cap === undefined ? [] : [`logs stop for the day at ${cap} GB of the ${taken} assumed`]),
      ];
      const weight =
        (days === undefined ? 0 : 0.3 + 0.4 * halvings(keepDays, days)) +
        (cap === undefined ? 0 : 0.8 + halvings(taken, cap));
      if (changes.length > 0) yield { changes, loses: losses.join('; '), weight };
    }
  yield {
    changes: [
      ...(written ? [{ path: 'monitoring.logs', to: undefined }] : []),
      ...(spec.storage.growth ? [{ path: 'storage.growth', to: undefined }] : []),
    ],
    loses: `no logs and none of the alerts made from them${spec.storage.growth ? ', that of a full disk among them' : ''}`,
    weight: 4,
  };
}

/** The most verbose go first, down to what Azure watches for nothing, then all. */
function* alerts({ monitoring, azure }: Spec): Generator<Option> {
  const all = monitoring?.alerts ?? [];
  const free = metricAlert(azure.region)?.free ?? 0;
  if (all.length <= free) return;
  const verboseFirst = all
    .map(({ severity }, index) => ({ severity, index }))
    .sort((a, b) => b.severity - a.severity || b.index - a.index);
  const goes = verboseFirst.slice(0, all.length - free);
  yield {
    changes: goes.map(({ index }) => ({ path: `monitoring.alerts[${index}]`, to: undefined })),
    loses: `fewer alerts on metrics (${all.length} -> ${free}), the least severe are gone`,
    weight: 0.5 + 0.3 * goes.length,
  };
}

function* registry({ registry }: Spec): Generator<Option> {
  if (registry?.kind !== 'acr' || registry.create === false) return;
  const now = registry.sku ?? 'Basic';
  if (now === 'Premium')
    yield {
      changes: [{ path: 'registry.sku', to: 'Standard' }],
      loses: 'a registry of the tier Standard in place of Premium',
      weight: 0.8,
    };
  if (now !== 'Basic')
    yield {
      changes: [{ path: 'registry.sku', to: 'Basic' }],
      loses: `a registry of the tier Basic in place of ${now}: slower, and with less storage included`,
      weight: now === 'Premium' ? 1.6 : 1,
    };
}
