import { readFileSync } from 'node:fs';
import { commentBody, type Picture } from '../comment/body.ts';
import type { PullRequest } from '../comment/github.ts';
import { UsageError, writeWhole } from '../files.ts';
import { mermaid } from '../graph/mermaid.ts';
import { reachGraph } from '../graph/reach.ts';
import { differs } from '../report/diff.ts';
import { type Edit, editOptions, editsOf } from './edits.ts';
import type { Arguments, Command, Streams } from './options.ts';

export const commentCommand: Command = {
  name: 'comment',
  positional: '[SPEC...]',
  describe: 'what an edit does as a comment of under 4 kB on its pull request; without --post it is only printed',
  options: {
    ...editOptions,
    post: { type: 'boolean', describe: 'create it on GitHub, or update the one that is there' },
    pr: { type: 'string', describe: "the pull request; default the one of GitHub's event", placeholder: 'NUMBER' },
    out: { type: 'string', alias: 'o', describe: 'write it to a file', placeholder: 'FILE' },
  },
  run,
};

async function run(args: Arguments, streams: Streams): Promise<number> {
  const { values } = args;
  if (values.against === undefined) throw new UsageError('"comment" needs "--against REF" to compare with');
  const { edits, report } = await editsOf(args, streams);
  const body = commentBody(report, edits.flatMap(pictureOf));
  if (values.out !== undefined) writeWhole(String(values.out), body);
  else if (values.post !== true) streams.stdout.write(body);
  if (values.post !== true) return 0;
  const posted = await postTo(pullRequestOf(values.pr, streams.env), body, report.diffs.some(differs));
  if (posted.done === 'not posted') {
    // Whoever looks at the job must still see it.
    streams.stderr.write(`perpetual: the comment is not posted: ${posted.reason}\n`);
    if (values.out === undefined) streams.stdout.write(body);
  } else {
    const where = posted.done === 'nothing to say' ? '' : ` ${posted.url}`;
    streams.stderr.write(`perpetual: ${posted.done}${where}\n`);
  }
  return 0;
}

/** Of an edit that changes who can reach what. */
function pictureOf({ diff: { exposure, environment }, head }: Edit): Picture[] {
  if (!head?.plan || exposure.opened.length + exposure.closed.length === 0) return [];
  const graph = reachGraph(head.plan.resources, head.diagnostics, `${environment}: who can reach what`);
  return [{ environment, mermaid: mermaid(graph) }];
}

async function postTo(pullRequest: PullRequest | string, body: string, hasNews: boolean) {
  if (typeof pullRequest === 'string') return { done: 'not posted' as const, reason: pullRequest };
  return (await import('../comment/github.ts')).post(pullRequest, body, hasNews);
}

/** By GitHub's own variables; without a token, as in a job of a fork, the reason why nothing can be posted. */
function pullRequestOf(given: Arguments['values'][string], env: NodeJS.ProcessEnv): PullRequest | string {
  const number = given === undefined ? numberIn(env) : Number(given);
  if (number === undefined || !Number.isSafeInteger(number) || number < 1)
    throw new UsageError(
      given === undefined
        ? 'this is no run for a pull request; name one with "--pr NUMBER"'
        : `"${given}" is not the number of a pull request`,
    );
  const [owner, repo, more] = (env.GITHUB_REPOSITORY ?? '').split('/');
  if (!owner || !repo || more !== undefined)
    throw new UsageError('"--post" needs GITHUB_REPOSITORY, as in "example/perpetual"');
  const token = env.GITHUB_TOKEN || env.GH_TOKEN;
  if (!token) return 'there is no GITHUB_TOKEN';
  return { api: env.GITHUB_API_URL || 'https://api.github.com', token, owner, repo, number };
}

/** https://docs.github.com/actions/reference/workflows-and-actions/variables */
function numberIn({ GITHUB_EVENT_PATH: path, GITHUB_REF: ref = '' }: NodeJS.ProcessEnv): number | undefined {
  const [, fromRef] = /^refs\/pull\/(\d+)\//.exec(ref) ?? [];
  if (fromRef !== undefined) return Number(fromRef);
  if (!path) return undefined;
  try {
    const { pull_request, issue } = JSON.parse(readFileSync(path, 'utf8')) as Record<
      string,
      { number?: number } | undefined
    >;
    return pull_request?.number ?? issue?.number;
  } catch {
    return undefined;
  }
}
