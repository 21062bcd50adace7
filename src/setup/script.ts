import { shellWord } from '../shell-word.ts';
import type { Step } from './step.ts';

/** The steps as a script for whoever wants to read or run them by hand. */
export function setupScript(steps: readonly Step[]): string {
  const secrets = [...new Set(steps.flatMap(({ stdin }) => stdin ?? []))];
  return `${[
    '#!/usr/bin/env bash',
    '# Lets GitHub deploy to Azure, without a secret of Azure. Every step can be repeated.',
    '# Needs az (az login) and gh (gh auth login), and these variables:',
    ...secrets.map((name) => `#   ${name}`),
    'set -euo pipefail',
    ...secrets.map((name) => `: "\${${name}:?is not set}"`),
    ...steps.flatMap((step) => ['', `# ${step.title}`, lineOf(step)]),
  ].join('\n')}\n`;
}

function lineOf({ command, probe, whenThere, captures, stdin, input, optional }: Step): string {
  const from =
    stdin !== undefined ? `printf %s "$${stdin}" | ` : input !== undefined ? `printf %s ${quoted(input)} | ` : '';
  const run = `${from}${words(command)}`;
  if (captures !== undefined) return `${captures}=$(${run})`;
  const orNot = optional === undefined ? run : `${run} ||\n  echo ${quoted(`left out: ${optional}`)} >&2`;
  if (!probe) return orNot;
  const isThere = `[ -n "$(${words(probe)})" ]`;
  return whenThere
    ? `if ${isThere}; then\n  ${words(whenThere)}\nelse\n  ${run}\nfi`
    : `if ! ${isThere}; then\n  ${orNot}\nfi`;
}

const words = (command: readonly string[]): string => command.map(quoted).join(' ');

/** For the shell: what an earlier step printed is put in, and nothing else means anything. */
function quoted(word: string): string {
  if (!/\$\{\w+\}/.test(word)) return shellWord(word);
  return `"${word.replace(/["\\`]|\$(?!\{\w+\})/g, '\\$&')}"`;
}
