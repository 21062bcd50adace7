import { beforeEach, describe, expect, it } from 'vitest';
import { Bed, groupName, idIn } from '../fixture/bed.ts';
import { edited } from '../fixture/fixture.ts';
import type { Properties } from '../provider.ts';
import { windowsTimeZones } from './windows-time-zones.ts';

const stop = {
  type: 'Http',
  inputs: { method: 'POST', uri: 'https://management.azure.com/x', authentication: { type: 'ManagedServiceIdentity' } },
};
const workflow: Properties = {
  resourceGroupName: groupName,
  location: 'eastus',
  workflowName: 'stop-at-night',
  identity: { type: 'SystemAssigned' },
  definition: {
    $schema:
      'https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#',
    contentVersion: '1.0.0.0',
    triggers: {
      evening: {
        type: 'Recurrence',
        recurrence: {
          frequency: 'Week',
          interval: 1,
          startTime: '2026-01-01T00:00:00',
          timeZone: 'W. Europe Standard Time',
          schedule: { hours: [20], minutes: [0], weekDays: ['Monday', 'Friday'] },
        },
      },
    },
    actions: { stop, report: { type: 'Compose', inputs: 'stopped', runAfter: { stop: ['Succeeded'] } } },
  },
};
const recurrence = (changes: Properties): Properties =>
  Object.fromEntries(
    Object.entries(changes).map(([key, value]) => [`definition.triggers.evening.recurrence.${key}`, value]),
  );
const identityId = idIn('Microsoft.ManagedIdentity/userAssignedIdentities/stopper');

let bed: Bed;
beforeEach(async () => {
  bed = await Bed.made();
});

describe('workflows', () => {
  it.each<[string, Properties, string]>([
    ['a name of 44 characters', { workflowName: 'a'.repeat(44) }, 'InvalidResourceName'],
    ['no definition', { definition: undefined }, 'must be an object'],
    ['a definition that is text', { definition: '{}' }, 'must be an object'],
    ['another schema', { 'definition.$schema': 'https://json.schemastore.org/x' }, 'InvalidTemplate'],
    ['no triggers', { 'definition.triggers': undefined }, "required property 'triggers'"],
    ['no actions', { 'definition.actions': undefined }, "required property 'actions'"],
    ['a part it does not know', { 'definition.schedule': {} }, "Could not find member 'schedule'"],
    ['no frequency', recurrence({ frequency: undefined }), 'The frequency'],
    ['every half week', recurrence({ interval: 0.5 }), 'The interval'],
    ['every two years', recurrence({ frequency: 'Month', interval: 24, schedule: undefined }), 'The interval'],
    ['an IANA time zone', recurrence({ timeZone: 'Europe/Berlin' }), 'is not a Windows time zone'],
    ['UTC without a Z', recurrence({ timeZone: 'UTC' }), "needs a 'Z'"],
    ['no time zone and no Z', recurrence({ timeZone: undefined }), "needs a 'Z'"],
    ['a start that is none', recurrence({ startTime: 'tomorrow' }), 'is no moment'],
    ['hour 24', recurrence({ 'schedule.hours': [24] }), 'not between 0 and 23'],
    ['minute 60', recurrence({ 'schedule.minutes': [60] }), 'not between 0 and 59'],
    ['a day of another language', recurrence({ 'schedule.weekDays': ['Montag'] }), "week day 'Montag'"],
    ['days every day', recurrence({ frequency: 'Day' }), "'weekDays' is not allowed with the frequency 'Day'"],
    ['days beside the schedule', recurrence({ weekDays: ['Monday'] }), "Could not find member 'weekDays'"],
    ['an action without a type', { 'definition.actions.stop': {} }, 'has no type'],
    ['an action after none', { 'definition.actions.report.runAfter': { start: ['Succeeded'] } }, 'non-existent action'],
    ['an action after a maybe', { 'definition.actions.report.runAfter': { stop: ['Maybe'] } }, "no status 'Maybe'"],
    ['a circle', { 'definition.actions.stop.runAfter': { report: ['Succeeded'] } }, 'waits for itself'],
    ['a sign-in without an identity', { identity: undefined }, 'WorkflowManagedIdentityConfigurationInvalid'],
    [
      'an identity that is not there',
      { identity: { type: 'UserAssigned', userAssignedIdentities: [identityId] } },
      'FailedIdentityOperation',
    ],
    ['a parameter nobody declared', { parameters: { x: { value: 1 } } }, 'is not declared'],
    ['a parameter nobody gives', { 'definition.parameters': { x: { type: 'String' } } }, 'neither a value nor'],
  ])('refuses %s', async (_what, changes, code) => {
    await expect(bed.make('logic:Workflow', 'workflow', edited(workflow, changes))).rejects.toThrow(code);
  });

  it('shows its principal, and changes in place', async () => {
    const { outputs } = await bed.make('logic:Workflow', 'workflow', workflow);
    expect(outputs).toMatchObject({
      state: 'Enabled',
      identity: { principalId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
    expect(await bed.undeclared('workflow')).toEqual([]);
    expect((await bed.change('workflow', { state: 'Disabled' })).replaces).toEqual([]);
    expect((await bed.change('workflow', recurrence({ 'schedule.hours': [21] }))).replaces).toEqual([]);
    await expect(bed.change('workflow', { location: 'westus' })).rejects.toThrow('InvalidResourceLocation');
  });

  it('signs in as an identity it was given', async () => {
    await bed.make('managedidentity:UserAssignedIdentity', 'stopper', {
      resourceGroupName: groupName,
      location: 'eastus',
      resourceName: 'stopper',
    });
    const given = { identity: { type: 'UserAssigned', userAssignedIdentities: [identityId] } };
    await expect(bed.make('logic:Workflow', 'workflow', edited(workflow, given))).rejects.toThrow('does not have');
    const signed = { ...given, 'definition.actions.stop.inputs.authentication.identity': identityId };
    const { outputs } = await bed.make('logic:Workflow', 'workflow', edited(workflow, signed));
    expect(outputs.identity).toMatchObject({ type: 'UserAssigned', userAssignedIdentities: { [identityId]: {} } });
  });

  it('knows the time zones of Windows', () => {
    expect(windowsTimeZones.size).toBe(141);
    for (const zone of ['UTC', 'Tokyo Standard Time', 'Central Standard Time (Mexico)', 'Russia Time Zone 3'])
      expect(windowsTimeZones).toContain(zone);
  });
});
