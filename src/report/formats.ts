import { pretty } from './pretty.ts';
import type { Report } from './report.ts';

/** How a result is drawn; each format heeds what means something to it. */
export type Drawing = {
  /** For people: colour, findings without a summary, and the width of the terminal. */
  color?: boolean;
  quiet?: boolean;
  width?: number;
  /** For machines that look files up in a repository: the path of a file from its root. */
  fromRoot?: (file: string) => string;
};

export type Format = 'pretty' | 'compact' | 'json' | 'sarif' | 'junit' | 'github' | 'markdown';

/** Every way to print what was found; but for the one for people, what is not asked for is not loaded. */
export const formats: Readonly<Record<Format, (report: Report, drawing: Drawing) => Promise<string>>> = {
  pretty: (report, { color = false, quiet = false, width }: Drawing) =>
    pretty(report, { color, quiet, ...(width !== undefined && { width }) }),
  compact: async (report) => (await import('./compact.ts')).compact(report),
  json: async (report) => (await import('./json.ts')).json(report),
  sarif: async (report, { fromRoot }: Drawing) => (await import('./sarif.ts')).sarif(report, fromRoot),
  junit: async (report) => (await import('./junit.ts')).junit(report),
  github: async (report, { fromRoot }: Drawing) => (await import('./github.ts')).github(report, fromRoot),
  markdown: async (report) => (await import('./markdown.ts')).markdown(report),
};

export const formatNames = Object.keys(formats) as Format[];
