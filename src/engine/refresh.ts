import { follow, type Result, type Work } from './result.ts';
import type { Session } from './session.ts';
import { redactorOf } from './target.ts';

/** What has become of the resources since they were deployed: `look` tells, `keep` also makes the state say so. */
export async function readBack(
  session: Session,
  work: Work,
  environment: string,
  mode: 'look' | 'keep',
): Promise<Result> {
  if (mode === 'keep') session.requireRoom();
  const opened = await session.open(environment, 'refuse');
  const { deployed } = opened.held;
  const redact = redactorOf(session.root, deployed, session.env);
  const { outcome, exitCode, problems } = await follow(
    work,
    { environment, verb: 'refresh', users: new Map(), redact, done: mode === 'keep' },
    (onEvent) => opened.stack[mode === 'look' ? 'previewRefresh' : 'refresh']({ onEvent, color: 'never' }),
  );
  return { environment, verb: 'refresh', exitCode, [mode === 'look' ? 'planned' : 'done']: outcome, problems };
}
