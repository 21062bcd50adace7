import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Fault } from '../stand-in/faults.ts';
import type { Holds } from './kubernetes.ts';

/** One story of how a deployment fails: what happens, what is seen, and the way out. */
export type Story = {
  id: string;
  what: string;
  /** Keys of the spec and their values: what was to be deployed. */
  edit: Record<string, unknown>;
  happens: {
    /** What the stand-ins do. */
    faults?: Fault[];
    /** Strikes who deploys at the first line that it says like this. */
    strike?: { at: string; how: 'interrupt' | 'kill' };
    /** What the API server of the cluster knows of it. */
    cluster?: Holds;
    /** A lock is there. */
    held?: true;
    /** The state ends in the middle. */
    cut?: true;
    /** Nothing more can be written where the state is: from the beginning, or from when one of the faults says so. */
    full?: 'before' | 'meanwhile';
  };
  seen: { code: number | null; says?: string[] };
  /** An edit that has to be made first. */
  mend?: Record<string, unknown>;
  /** Commands of `perpetual`, and after `$` what is done by hand. */
  way: string[];
  /** What is said on the way out. */
  says?: string[];
  note?: string;
};

const folder = 'test/fixtures/faults';

/** The stories, in the order of their names. */
export const stories = (): Story[] =>
  readdirSync(folder)
    .sort()
    .map((file) => ({ id: file.replace('.yaml', ''), ...parse(readFileSync(`${folder}/${file}`, 'utf8')) }));

/** What was said when a story was last told on the real engine. */
export const recordOf = (id: string): string => `test/goldens/faults/${id}.txt`;
