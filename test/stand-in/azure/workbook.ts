import type { WorkbookArgs } from '@pulumi/azure-native/applicationinsights/index.js';
import { isObject } from '../values.ts';
import { badRequest } from './error.ts';
import { checkIdentities, identityShown } from './identity.ts';
import { names } from './names.ts';
import { define } from './resource-type.ts';
import { guid } from './world.ts';

/** https://learn.microsoft.com/azure/azure-monitor/visualize/workbooks-automate */
export const workbook = define<WorkbookArgs>({
  path: '{group}/Microsoft.Insights/workbooks/{resourceName}',
  name: names.workbook,
  replaceOn: ['location'],
  check({ world, id, inputs }) {
    checkIdentities(world, id, inputs.identity);
    if (!isJsonObject(inputs.serializedData))
      throw badRequest('BadRequest', 'The serialized data of the workbook is no JSON object.');
    if (Buffer.byteLength(inputs.serializedData) > 1_000_000)
      throw badRequest('RequestTooLarge', 'The workbook holds more than a megabyte.');
    if (!inputs.displayName || !inputs.category)
      throw badRequest('BadRequest', 'A workbook needs a display name and a category.');
    const { sourceId } = inputs;
    if (sourceId === undefined || sourceId.toLowerCase() === 'azure monitor') return;
    if (!world.get(sourceId)) throw badRequest('BadRequest', `The source '${sourceId}' of the workbook was not found.`);
  },
  outputs: ({ world, id, inputs }) => ({
    identity: identityShown(world, id, inputs.identity),
    // Azure keeps it in lower case.
    sourceId: inputs.sourceId?.toLowerCase(),
    revision: guid('revision', id, inputs.serializedData).replaceAll('-', ''),
    timeModified: '2026-01-01T00:00:00Z',
    userId: world.account.objectId,
  }),
});

function isJsonObject(text: string): boolean {
  try {
    return isObject(JSON.parse(text));
  } catch {
    return false;
  }
}
