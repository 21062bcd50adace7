import type { Spec } from '../spec/schema.ts';
import { type Check, each } from './check.ts';

type Gap = {
  path: string;
  present(spec: Spec): boolean;
  /** Deploying without it would be worse than not deploying: the program refuses. */
  unsafe?: string;
};

/** Keys the spec has and the plan does not carry out yet. Never a silent no-op: each is named, and what is unsafe without it is refused. */
const gaps: readonly Gap[] = [
  {
    path: 'cluster.api.adminGroups',
    present: ({ cluster }) => cluster.api.adminGroups.length > 0,
    unsafe: 'local accounts would stay on',
  },
  { path: 'cluster.offHours', present: ({ cluster }) => cluster.offHours !== undefined },
  {
    path: 'network.expose.gateway.host',
    present: ({ network }) => network.expose.gateway.host !== undefined,
    unsafe: 'the gateway would be open without HTTPS',
  },
  { path: 'network.dns', present: ({ network }) => network.dns !== undefined },
  {
    path: 'node.ipfs.swarmKey',
    present: ({ node }) => node.ipfs.swarmKey !== undefined,
    unsafe: 'the private network would be public',
  },
  {
    path: 'storage.data.restoreFrom',
    present: ({ storage }) => storage.data.restoreFrom !== undefined,
    unsafe: 'the disk would be empty',
  },
  { path: 'storage.growth', present: ({ storage }) => storage.growth !== undefined },
  { path: 'storage.backups', present: ({ storage }) => storage.backups?.enabled === true },
  { path: 'storage.logs', present: ({ storage }) => storage.logs !== undefined },
  {
    path: 'secrets.deliver',
    present: ({ secrets }) =>
      secrets.store === 'keyVault' && secrets.deliver === 'initContainer' && secrets.items.length > 0,
    unsafe: 'the node would start without its secrets',
  },
  {
    path: 'registry.kind',
    present: ({ registry }) => registry?.kind === 'acr',
    unsafe: 'the nodes could not pull the image',
  },
  { path: 'monitoring.logs', present: ({ monitoring }) => monitoring?.logs !== undefined },
  { path: 'monitoring.alerts', present: ({ monitoring }) => (monitoring?.alerts.length ?? 0) > 0 },
  { path: 'monitoring.notify', present: ({ monitoring }) => (monitoring?.notify.length ?? 0) > 0 },
];

export const notBuiltYet: Check = function* (spec) {
  for (const { path, present, unsafe } of gaps) {
    if (present(spec))
      yield {
        code: 'plan/not-built-yet',
        severity: 'info',
        path,
        message: `"${path}" is checked but not deployed yet${unsafe ? `; deploying is refused, because ${unsafe}` : ''}`,
      };
  }
  for (const [{ permissions }, index] of each(spec.secrets.vault.access)) {
    const path = `secrets.vault.access[${index}].permissions`;
    if (permissions !== undefined)
      yield {
        code: 'plan/not-built-yet',
        severity: 'info',
        path,
        message: `"${path}" is checked but not deployed yet`,
      };
  }
};

/** Why a spec may not be deployed although nothing about it is wrong. */
export const unsafeGaps = (spec: Spec): string[] =>
  gaps.flatMap(({ path, present, unsafe }) =>
    unsafe && present(spec) ? [`"${path}" is not deployed yet, and without it ${unsafe}`] : [],
  );
