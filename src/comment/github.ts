import { Octokit } from '@octokit/core';
import { type PaginateInterface, paginateRest } from '@octokit/plugin-paginate-rest';
import { throttling } from '@octokit/plugin-throttling';
import { marker } from './body.ts';

/** Where the comment goes. */
export type PullRequest = { api: string; token: string; owner: string; repo: string; number: number };

export type Posted =
  | { done: 'created' | 'updated'; url: string }
  | { done: 'nothing to say' }
  | { done: 'not posted'; reason: string };

/** Nobody waits longer for a comment. */
const patience = 60;

/**
 * Creates the comment, or updates the one that bears the marker; one without news is not created. What GitHub does not allow, does not know or does not
 * answer is a reason and no error: a comment is not worth a red build.
 */
export async function post(pullRequest: PullRequest, body: string, hasNews: boolean): Promise<Posted> {
  const octokit = clientFor(pullRequest);
  const { owner, repo, number: issue_number } = pullRequest;
  const place = { owner, repo, issue_number };
  try {
    const comments = await octokit.paginate('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
      ...place,
      per_page: 100,
    });
    for (const { id, body: text } of comments) {
      if (!text?.startsWith(marker)) continue;
      const updated = await orGone(
        octokit.request('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', {
          owner,
          repo,
          comment_id: id,
          body,
        }),
      );
      if (updated) return { done: 'updated', url: updated.data.html_url };
    }
    if (!hasNews) return { done: 'nothing to say' };
    const created = await octokit.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
      ...place,
      body,
    });
    return { done: 'created', url: created.data.html_url };
  } catch (error) {
    return { done: 'not posted', reason: reasonOf(error) };
  }
}

/** One that was deleted meanwhile, or that is somebody else's, is not ours to update. */
async function orGone<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if ([403, 404, 410].includes(statusOf(error) ?? 0) && !isLimited(error)) return undefined;
    throw error;
  }
}

function clientFor({ api, token }: PullRequest) {
  const wait = (retryAfter: number, _options: unknown, _octokit: unknown, retries: number): boolean =>
    retries < 1 && retryAfter <= patience;
  return new (Octokit.plugin(paginateRest, throttling))({
    auth: token,
    baseUrl: api,
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    throttle: { onRateLimit: wait, onSecondaryRateLimit: wait },
  }) as Octokit & { paginate: PaginateInterface };
}

/** What was never answered has a status of the client's own. */
const statusOf = (error: unknown): number | undefined => {
  const { status, response } = error as { status?: number; response?: unknown };
  return response === undefined ? undefined : status;
};

const isLimited = (error: unknown): boolean => {
  const { response, message = '' } = error as { response?: { headers?: Record<string, string> }; message?: string };
  return response?.headers?.['x-ratelimit-remaining'] === '0' || /rate limit/i.test(message);
};

function reasonOf(error: unknown): string {
  const status = statusOf(error);
  if (isLimited(error)) return 'GitHub limits the rate of requests';
  if (status === 401) return 'GitHub does not accept the token';
  if (status === 403)
    return 'the token may not write comments: the job needs "permissions: pull-requests: write", which a fork never gets';
  if (status === 404) return 'GitHub knows no such pull request, or the token may not see it';
  if (status === 422) return 'GitHub refuses the comment: the pull request may be locked';
  if (status !== undefined && status >= 400) return `GitHub answers ${status}`;
  return 'GitHub does not answer';
}
