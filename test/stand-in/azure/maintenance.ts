import type { MaintenanceConfigurationArgs } from '@pulumi/azure-native/containerservice/index.js';
import { invalidParameter } from './error.ts';
import { names } from './names.ts';
import { define } from './resource-type.ts';

/** https://learn.microsoft.com/azure/aks/planned-maintenance */
export const maintenanceConfiguration = define<MaintenanceConfigurationArgs>({
  path: '{group}/Microsoft.ContainerService/managedClusters/{resourceName}/maintenanceConfigurations/{configName}',
  name: names.maintenance,
  lowerCaseGroup: true,
  check({ name, inputs }) {
    const window = inputs.maintenanceWindow;
    if (!window) {
      if (name === 'default') return;
      throw invalidParameter('maintenanceWindow', `The configuration '${name}' needs a maintenance window.`);
    }
    const { durationHours: hours, startTime, utcOffset, schedule } = window;
    if (hours < 4 || hours > 24)
      throw invalidParameter('maintenanceWindow.durationHours', `${hours} is not between 4 and 24.`);
    if (!/^\d{2}:\d{2}$/.test(startTime))
      throw invalidParameter('maintenanceWindow.startTime', `'${startTime}' is not HH:mm.`);
    if (utcOffset !== undefined && !/^[-+]\d{2}:\d{2}$/.test(utcOffset))
      throw invalidParameter('maintenanceWindow.utcOffset', `'${utcOffset}' is not +HH:mm.`);
    const kinds = Object.keys(schedule);
    if (kinds.length !== 1)
      throw invalidParameter(
        'maintenanceWindow.schedule',
        `Exactly one kind of schedule is needed; ${kinds.join(', ') || 'none'} given.`,
      );
    const bounds = {
      daily: [schedule.daily?.intervalDays, 7],
      weekly: [schedule.weekly?.intervalWeeks, 4],
      absoluteMonthly: [schedule.absoluteMonthly?.intervalMonths, 6],
      relativeMonthly: [schedule.relativeMonthly?.intervalMonths, 6],
    } as const;
    for (const [kind, [interval, most]] of Object.entries(bounds)) {
      if (interval !== undefined && (interval < 1 || interval > most))
        throw invalidParameter(
          `maintenanceWindow.schedule.${kind}`,
          `The interval ${interval} is not between 1 and ${most}.`,
        );
    }
  },
});
