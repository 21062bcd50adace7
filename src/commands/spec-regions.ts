import { readText, specFiles, UsageError } from '../files.ts';
import { loadSpec } from '../spec/load.ts';
import { Source } from '../spec/source.ts';

/** The regions that the specs below specs/ name, as they are written there; what else is wrong with a spec is not asked. */
export function specRegions(): string[] {
  let files: string[] = [];
  try {
    files = specFiles('specs');
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
  }
  const regions = files.map((file) => loadSpec(new Source(file, readText(file))).spec?.azure?.region as unknown);
  return regions.filter((region): region is string => typeof region === 'string');
}
