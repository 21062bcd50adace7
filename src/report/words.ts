import type { Diagnostic, Severity } from '../diagnostic.ts';

/** What a finding says, in the words that every format shares. */

const names: Record<Severity, string> = { error: 'error', warning: 'warning', info: 'note' };

/** How grave it is, as people say it. */
export const gravityOf = ({ severity }: Diagnostic): string => names[severity];

/** What is wrong, with what stands beside the guilty text. */
export const messageOf = ({ message, labels: [{ note }] }: Diagnostic): string =>
  note === undefined ? message : `${message} (${note})`;

/** Who accepted it, until when and why. */
export const acceptanceOf = ({ waived }: Diagnostic): string | undefined =>
  waived && `until ${waived.expires} by ${waived.owner}: ${waived.reason}`;

/** The reason, the fix and where to read on, as far as they are known, each with its title. */
export const notesOf = (diagnostic: Diagnostic): [title: string, text: string][] =>
  [
    ['why', diagnostic.why] as const,
    ['fix', diagnostic.help] as const,
    ['more', diagnostic.url] as const,
    ['waived', acceptanceOf(diagnostic)] as const,
  ].flatMap(([title, text]) => (text === undefined ? [] : [[title, text]]));
