import type { Handle } from '../builder.ts';
import type { Context } from './context.ts';

// The only names AKS acts upon: upgrades of Kubernetes, and those of the nodes' operating system.
const schedules = {
  'upgrade-window': 'aksManagedAutoUpgradeSchedule',
  'node-os-window': 'aksManagedNodeOSUpgradeSchedule',
} as const;

/** When Azure may upgrade by itself; https://learn.microsoft.com/azure/aks/planned-maintenance. */
export function maintenanceWindows({ spec, plan }: Context, group: Handle, cluster: Handle): void {
  plan.when(
    () => spec.cluster.upgrades.window !== undefined,
    () => {
      const window = () => spec.cluster.upgrades.window as NonNullable<typeof spec.cluster.upgrades.window>;
      for (const [name, configName] of Object.entries(schedules)) {
        plan.resource(
          'azure-native:containerservice:MaintenanceConfiguration',
          name,
          'cluster.upgrades.window',
          () => ({
            resourceGroupName: group.output('name'),
            resourceName: cluster.output('name'),
            configName,
            maintenanceWindow: {
              durationHours: () => window().hours,
              startTime: () => window().start,
              utcOffset: '+00:00',
              schedule: { weekly: { dayOfWeek: () => window().day, intervalWeeks: 1 } },
            },
          }),
        );
      }
    },
  );
}
