import type { Compiled } from '../compile.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { labelAt } from '../locate.ts';
import { hazards } from './hazards.ts';

/** What an edit does to what is deployed, by the two texts alone; a base that says nothing certain must not let anything pass. */
export function judgeEdit(base: Compiled, head: Compiled, commit: string, allowed: readonly string[]): Diagnostic[] {
  if (!head.plan) return [];
  if (!base.plan || !base.complete)
    return [
      {
        code: 'plan/no-base',
        severity: 'error',
        message: `the edit can't be judged: at "${commit}" this file has errors`,
        path: '',
        labels: [labelAt(head.loaded, '')],
        help: 'name a commit in which it compiles',
      },
    ];
  return hazards({ base: base.plan, head: head.plan, loaded: head.loaded }, allowed);
}
