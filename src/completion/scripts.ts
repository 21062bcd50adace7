import { readFileSync } from 'node:fs';

export const shells = ['bash', 'zsh', 'fish'];

/** What a shell loads to complete our command line: it asks the program itself, so it never knows less than that. */
export const scriptFor = (shell: string): string => readFileSync(new URL(`./shells/${shell}`, import.meta.url), 'utf8');
