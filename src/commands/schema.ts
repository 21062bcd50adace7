import { writeWhole } from '../files.ts';
import { editorSchema } from '../suggest/editor-schema.ts';
import type { Command } from './options.ts';

export const schemaCommand: Command = {
  name: 'schema',
  describe: 'print the JSON Schema of the spec, for editors',
  options: { out: { type: 'string', alias: 'o', describe: 'write it to a file', placeholder: 'FILE' } },
  async run({ values }, { stdout }) {
    const text = `${JSON.stringify(editorSchema(), null, 2)}\n`;
    if (values.out === undefined) stdout.write(text);
    else writeWhole(String(values.out), text);
    return 0;
  },
};
