import { readFileSync } from 'node:fs';
import { providerTypes } from '../src/catalog/provider-inputs.ts';

/** What each type takes at its top level, from the SDK's declarations: `!` must be there, `[]` is a list. */
export function providerInputs(): string {
  const sdk = 'node_modules/@pulumi/azure-native';
  const { name, version } = JSON.parse(readFileSync(`${sdk}/package.json`, 'utf8'));
  const apiVersions: [type: string, day: string][] = [];
  const types = providerTypes.map((type) => {
    const [, module, title = ''] = type.split(':');
    const file = `${sdk}/${module}/${title.charAt(0).toLowerCase()}${title.slice(1)}.d.ts`;
    const declared = readFileSync(file, 'utf8');
    const [, day = ''] = /Uses Azure REST API version (\S+?)\.?(?= |$)/m.exec(declared) ?? [];
    apiVersions.push([type, day]);
    const [, body = ''] = /^export interface \w+Args \{$([\s\S]*?)^\}/m.exec(declared) ?? [];
    const inputs = [...body.matchAll(/^ {4}(\w+)(\??): (.+)$/gm)].map(([, key, optional, kind = '']) => [
      key,
      `${optional ? '' : '!'}${/\[\](?: \| undefined)?>;$/.test(kind) ? '[]' : ''}`,
    ]);
    return [type, Object.fromEntries(inputs)];
  });
  return `${JSON.stringify({ madeFrom: `${name} ${version}`, apiVersions: Object.fromEntries(apiVersions), types: Object.fromEntries(types) }, null, 1)}\n`;
}
