import type { Handle } from '../builder.ts';
import { windowsTimeZone } from '../catalog/time-zones.ts';
import { concat } from '../expr.ts';
import type { Spec } from '../spec/schema.ts';
import { HoleRead } from '../spec/track.ts';
import type { Cluster } from './cluster.ts';
import { type Context, tags } from './context.ts';

type OffHours = NonNullable<Spec['cluster']['offHours']>;

const weekdays = {
  Mon: 'Monday',
  Tue: 'Tuesday',
  Wed: 'Wednesday',
  Thu: 'Thursday',
  Fri: 'Friday',
  Sat: 'Saturday',
  Sun: 'Sunday',
} as const;

/**
 * Stops the cluster in the evening and starts it in the morning, by two logic apps that ask Azure for it. A schedule of
 * Azure Automation would need a first run in the future, so the same spec could not be deployed twice, and a runbook
 * whose text is on the internet. https://learn.microsoft.com/azure/aks/start-stop-cluster
 */
export function offHours(context: Context, group: Handle, { cluster }: Cluster): void {
  const { spec, plan, names, access } = context;
  const origin = 'cluster.offHours';
  plan.when(
    () => spec.cluster.offHours !== undefined,
    () => {
      const here = { resourceGroupName: group.output('name'), location: () => spec.azure.region };
      const declared = () => spec.cluster.offHours as OffHours;
      const identity = plan.resource(
        'azure-native:managedidentity:UserAssignedIdentity',
        'schedule-identity',
        origin,
        () => ({ ...here, resourceName: names.scheduleIdentity, tags: () => tags(context) }),
      );
      const grant = access.grant({
        who: 'schedule',
        principalId: () => identity.output('principalId'),
        principalType: () => 'ServicePrincipal',
        role: () => 'Azure Kubernetes Service Contributor Role',
        where: 'cluster',
        scope: cluster.id,
        origin,
      });
      for (const action of ['stop', 'start'] as const)
        plan.resource(
          'azure-native:logic:Workflow',
          `off-hours-${action}`,
          `${origin}.${action}`,
          () => ({
            ...here,
            workflowName: () => names.offHours(action),
            state: 'Enabled',
            identity: { type: 'UserAssigned', userAssignedIdentities: [identity.id] },
            definition: {
              $schema:
                'https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#',
              contentVersion: '1.0.0.0',
              parameters: {},
              triggers: { schedule: { type: 'Recurrence', recurrence: () => recurrence(declared(), action) } },
              actions: {
                [action]: {
                  type: 'Http',
                  inputs: {
                    method: 'POST',
                    uri: concat('https://management.azure.com', cluster.id, `/${action}?api-version=2025-09-01`),
                    authentication: {
                      type: 'ManagedServiceIdentity',
                      identity: identity.id,
                      audience: 'https://management.azure.com/',
                    },
                  },
                  runAfter: {},
                },
              },
              outputs: {},
            },
            tags: () => tags(context),
          }),
          () => ({ dependsOn: [grant] }),
        );
    },
  );
}

function recurrence(offHours: OffHours, action: 'stop' | 'start') {
  const [hours = 0, minutes = 0] = offHours[action].split(':').map(Number);
  const timeZone = windowsTimeZone(offHours.timezone);
  if (timeZone === undefined) throw new HoleRead(); // refused elsewhere
  return {
    frequency: 'Week',
    interval: 1,
    timeZone,
    // Without a start it would run at once, when it is made; a start in UTC has to say so.
    startTime: `2026-01-01T00:00:00${timeZone === 'UTC' ? 'Z' : ''}`,
    schedule: {
      weekDays: Array.from(
        { length: offHours.days.length },
        (_, index) => weekdays[offHours.days[index] as keyof typeof weekdays],
      ),
      hours: [hours],
      minutes: [minutes],
    },
  };
}
