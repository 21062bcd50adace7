import { describe, expect, it } from 'vitest';
import { runningHours } from '../../src/cost/running-hours.ts';
import type { Resource } from '../../src/plan.ts';
import { resource } from '../support/plans.ts';

const clusterNamed = (name: string): Resource =>
  resource('azure-native:containerservice:ManagedCluster', name, { resourceName: `${name}-aks` });
const cluster = clusterNamed('cluster');

type Schedule = { frequency?: string; interval?: number; timeZone?: string; schedule?: object };

const workflow = (name: string, uri: unknown, recurrence: Schedule, inputs: object = {}): Resource =>
  resource('azure-native:logic:Workflow', name, {
    definition: {
      triggers: { schedule: { type: 'Recurrence', recurrence: { frequency: 'Week', interval: 1, ...recurrence } } },
      actions: { run: { type: 'Http', inputs: { method: 'POST', uri } } },
    },
    ...inputs,
  });
const address = (verb: string, name = 'cluster-aks'): string =>
  `https://management.azure.com/subscriptions/x/resourceGroups/y/providers/Microsoft.ContainerService/managedClusters/${name}/${verb}?api-version=2025-09-01`;
const at = (weekDays: string[], hours: number, minutes = 0): Schedule => ({
  schedule: { weekDays, hours: [hours], minutes: [minutes] },
});
const workDays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'];
const hoursOf = (...resources: Resource[]): number => runningHours(cluster, [cluster, ...resources]);

describe('the hours a cluster runs', () => {
  it('are all of them when nothing stops it', () => {
    expect(hoursOf()).toBe(168);
    expect(hoursOf(workflow('report', 'https://example.org/stop', at(workDays, 19)))).toBe(168);
  });

  it('are those between start and stop, whatever the workflows are called', () => {
    const stop = workflow('evening', address('stop'), at(workDays, 19));
    const start = workflow('morning', address('start'), at(workDays, 7, 30));
    expect(hoursOf(stop, start)).toBe(5 * 11.5);
    expect(hoursOf(start, stop)).toBe(5 * 11.5);
  });

  it('may go over midnight and over the end of the week', () => {
    const stop = workflow('stop', address('stop'), at(['Monday'], 6));
    const start = workflow('start', address('start'), at(['Friday'], 22));
    expect(hoursOf(stop, start)).toBe(2 + 48 + 6);
  });

  it('are known by the plan, by reference, and in a preview by name', () => {
    const uri = { $: { concat: ['https://management.azure.com', { $: { ref: 'cluster', output: 'id' } }, '/stop?x'] } };
    const start = workflow('start', address('start'), at(workDays, 7));
    expect(hoursOf(workflow('any', uri, at(workDays, 19)), start)).toBe(60);
    const unknown = { $unknown: true };
    expect(
      hoursOf(
        workflow('off-hours-stop', unknown, at(workDays, 19)),
        workflow('off-hours-start', unknown, at(workDays, 7)),
      ),
    ).toBe(60);
  });

  it('are those of this cluster and no other', () => {
    const other = clusterNamed('other');
    const pair = [
      workflow('stop', address('stop', 'other-aks'), at(workDays, 19)),
      workflow('start', address('start', 'other-aks'), at(workDays, 7)),
    ];
    expect(hoursOf(other, ...pair)).toBe(168);
    expect(runningHours(other, [cluster, other, ...pair])).toBe(60);
  });

  it('can be daily', () => {
    const daily = (hours: number): Schedule => ({ frequency: 'Day', schedule: { hours: [hours], minutes: [0] } });
    expect(hoursOf(workflow('a', address('stop'), daily(20)), workflow('b', address('start'), daily(8)))).toBe(84);
  });

  it('are all of them when they can not be told', () => {
    const stop = workflow('stop', address('stop'), at(workDays, 19));
    const start = workflow('start', address('start'), at(workDays, 7));
    expect(hoursOf(stop)).toBe(168);
    expect(hoursOf(start)).toBe(168);
    expect(hoursOf(stop, workflow('start', address('start'), { ...at(workDays, 7), timeZone: 'Tokyo' }))).toBe(168);
    expect(hoursOf(stop, workflow('start', address('start'), { ...at(workDays, 7), interval: 2 }))).toBe(168);
    expect(hoursOf(stop, workflow('start', address('start'), { frequency: 'Month', schedule: {} }))).toBe(168);
    expect(hoursOf(workflow('stop', address('stop'), at(workDays, 19), { state: 'Disabled' }), start)).toBe(168);
  });
});
