import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';

/** A file to be, by its path with "/". */
export type NewFile = { path: string; text: string };

/** What stands for `@NAME@` in the templates; a line with something that has no value is left out. */
export type Values = Readonly<Record<string, string | number | undefined>>;

/** Every file in `templates/` is one of the project, under the same path. */
export function filledTemplates(values: Values): NewFile[] {
  const folder = fileURLToPath(new URL('./templates/', import.meta.url));
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => {
      const file = join(parentPath, name);
      const path = relative(folder, file).split(sep).join('/');
      // What is written into a spec comes from the command line; what is elsewhere was judged with the spec.
      const write = path.startsWith('specs/') ? (value: string | number) => stringify(value).trim() : String;
      return { path: fill(path, values, String), text: fill(readFileSync(file, 'utf8'), values, write) };
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function fill(text: string, values: Values, write: (value: string | number) => string): string {
  const gap = /@([A-Z]+)@/g;
  return text
    .split('\n')
    .filter((line) => [...line.matchAll(gap)].every(([, name = '']) => values[name] !== undefined))
    .map((line) => line.replace(gap, (_, name: string) => write(values[name] as string | number)))
    .join('\n');
}
