import { isFault, type Line, type Surroundings } from './line.ts';
import { loginLines } from './logins.ts';
import { partLines } from './parts.ts';
import { programLines } from './programs.ts';
import { settingLines } from './settings.ts';

/** Looks at this machine and the project, and asks nobody outside of it. */
export async function examine(surroundings: Surroundings, today: string): Promise<Line[]> {
  const [programs, parts] = await Promise.all([programLines(surroundings), partLines(surroundings)]);
  const all = [...programs, ...settingLines(surroundings, today), ...parts, ...loginLines(surroundings)];
  return purposes.flatMap((purpose) => all.filter((line) => line.for === purpose));
}

export const purposes = ['checking', 'deploying', 'other'] as const;

/** Of several faults the one that comes first for a verb: what is not installed, then who is not logged in. */
export function exitCodeOf(lines: readonly Line[]): number {
  const codes = lines.filter(isFault).flatMap(({ exitCode }) => exitCode ?? []);
  return codes.length === 0 ? 0 : Math.min(...codes);
}
