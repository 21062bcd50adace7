import { readFileSync } from 'node:fs';
import { specFiles } from '../src/files.ts';
import { filledTemplates, type NewFile } from '../src/init/templates.ts';

/** The workflows that `perpetual init` writes, for this repository's own specs. */
export function ownWorkflows(): NewFile[] {
  const texts = specFiles('specs').map((file) => readFileSync(file, 'utf8'));
  const names = texts.flatMap((text) => [...text.matchAll(/\benv:(\w+)/g)].map(([, name]) => name as string));
  const secrets = [...new Set(names)].sort().map((name) => `${name}: \${{ secrets.${name} }}`);
  return filledTemplates({ FOLDER: undefined, PREFIX: '', SECRETS: secrets.join('\n      ') })
    .filter(({ path }) => path.startsWith('.github/'))
    .map(({ path, text }) => ({
      path,
      text: text.replace(/^# Written by "perpetual init" and yours to change\./, '# As "perpetual init" writes it.'),
    }));
}
