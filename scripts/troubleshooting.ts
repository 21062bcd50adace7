import { readFileSync } from 'node:fs';
import type { Advice } from '../src/advice/advice.ts';
import { azureErrors } from '../src/advice/azure-errors.ts';
import { azureWords } from '../src/advice/azure-words.ts';
import { kubernetesErrors } from '../src/advice/kubernetes-errors.ts';
import { type Story, stories } from '../test/support/faults.ts';

const row = (name: string, { meaning, advice }: Advice): string =>
  `| ${name} | ${meaning} | ${advice} |`.replaceAll('\n', ' ');

/** What comes from the stories that the tests tell and from the advice that is given at a failure, below the headings that announce it. */
const tables: Readonly<Record<string, () => string[]>> = {
  '| What happens | What is seen | The way out |': () => stories().map(told),
  '| It says | Because | Do |': () => kubernetesErrors.map((each) => row(words(each.words.source), each)),
  '| Code | What it means | What to do |': () => [
    ...Object.entries(azureErrors).map(([code, each]) => row(`\`${code}\``, each)),
    ...azureWords.map((each) => row(words(each.words.source), each)),
  ],
};

/** What was done in a test, as whoever stands before it would do it. */
function told({ what, seen: { code, says = [] }, mend, way: commands, note }: Story): string {
  const seen = [code === null ? 'nothing more' : `exit code ${code}`, ...says.slice(0, 1).map((each) => `\`${each}\``)];
  const steps = commands.map((command) =>
    command.startsWith('$ ') ? command.slice(2) : `\`perpetual ${command.replace(/ --yes$/, '')}\``,
  );
  const out = [...(mend ? ['an edit of the spec'] : []), ...steps].join(', then ').replaceAll(/\bdev\b/g, 'ENV');
  const way = [out, note].filter(Boolean).join('; ');
  return `| ${what} | ${seen.join(': ').replaceAll(/\bdev\b/g, 'ENV')} | ${way} |`;
}

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
