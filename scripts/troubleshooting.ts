import { readFileSync } from 'node:fs';
import type { Advice } from '../src/advice/advice.ts';
import { azureErrors, azureWords } from '../src/advice/azure-errors.ts';
import { kubernetesErrors } from '../src/advice/kubernetes-errors.ts';

const row = (name: string, { meaning, advice }: Advice): string =>
  `| ${name} | ${meaning} | ${advice} |`.replaceAll('\n', ' ');

/** What comes from the advice that is given at a failure, below the headings that announce it. */
const tables: Readonly<Record<string, () => string[]>> = {
  '| It says | Because | Do |': () => kubernetesErrors.map((each) => row(words(each.words.source), each)),
  '| Code | What it means | What to do |': () => [
    ...Object.entries(azureErrors).map(([code, each]) => row(`\`${code}\``, each)),
    ...azureWords.map((each) => row(words(each.words.source), each)),
  ],
};

/** A pattern as a person would write what it finds. */
const words = (pattern: string): string =>
  pattern
    .replace(/\(([^)]*)\)/g, (_, either: string) => either.replaceAll('|', ' or '))
    .split('|')
    .map((word) => `\`${word.replace(/\.\*/g, ' ... ')}\``)
    .join(', ');

/** The page with its tables as they are now. */
export function troubleshooting(): string {
  const lines = readFileSync('docs/troubleshooting.md', 'utf8').split('\n');
  const fresh: string[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] as string;
    fresh.push(line);
    const rows = tables[line];
    if (!rows) continue;
    fresh.push(lines[++index] as string, ...rows());
    while (lines[index + 1]?.startsWith('| ')) index++;
  }
  return fresh.join('\n');
}
