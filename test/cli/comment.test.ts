import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { marker } from '../../src/comment/body.ts';
import { perpetual } from '../support/cli.ts';
import { type Comment, startGitHub } from '../support/github.ts';
import { repository } from '../support/repository.ts';
import { leastSpec, specIn } from '../support/specs.ts';

const opened = `${leastSpec}network:
  expose:
    gateway: { from: [internet] }
`;
const root = repository(specIn('prod'), specIn('prod', opened));
const token = 'not-a-real-token';

type GitHub = Awaited<ReturnType<typeof startGitHub>>;
const started: GitHub[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((each) => each.close()));
});

async function github(...comments: Comment[]): Promise<GitHub> {
  const server = await startGitHub(comments);
  started.push(server);
  return server;
}

const post = (server: GitHub, env: Record<string, string> = {}, ...args: string[]) =>
  perpetual(['comment', '--against', 'main', '--post', ...args], {
    cwd: root,
    env: {
      GITHUB_API_URL: server.url,
      GITHUB_REPOSITORY: 'example/node',
      GITHUB_REF: 'refs/pull/7/merge',
      GITHUB_TOKEN: token,
      ...env,
    },
  });

const some = (id: number, body: string, user = 'bot'): Comment => ({ id, body, user });
const many = Array.from({ length: 230 }, (_, index) => some(index, `comment ${index}`, 'ada'));

describe('comment', () => {
  it('prints what the edit does', async () => {
    const { stdout, code } = await perpetual(['comment', '--against', 'main'], { cwd: root });
    expect(code).toBe(0);
    expect(stdout.startsWith(marker)).toBe(true);
    expect(stdout).toContain('opened: the internet');
    expect(stdout).toContain('```mermaid\n');
  });

  it('creates one, and updates it the next time', async () => {
    const server = await github();
    const first = await post(server);
    expect(first).toMatchObject({ code: 0, stdout: '', stderr: `perpetual: created ${server.url}/c/1000\n` });
    const second = await post(server);
    expect(second).toMatchObject({ code: 0, stdout: '', stderr: `perpetual: updated ${server.url}/c/1000\n` });
    expect(server.comments).toHaveLength(1);
    expect(server.asked.every(({ authorization }) => authorization === `token ${token}`)).toBe(true);
  });

  it('finds its own on a later page, whatever others quote', async () => {
    const server = await github(some(1, `> ${marker}`, 'ada'), ...many, some(500, `${marker}\nold`));
    expect((await post(server)).stderr).toBe(`perpetual: updated ${server.url}/c/500\n`);
    expect(server.asked.filter(({ method }) => method === 'GET')).toHaveLength(3);
    expect(server.comments).toHaveLength(232);
  });

  it('writes another one where it is gone, or somebody else copied it', async () => {
    const server = await github(some(1, `${marker}\ncopied`, 'ada'), some(2, `${marker}\ngone meanwhile`));
    server.fail({ method: 'PATCH', status: 403, message: 'Resource not accessible by integration' });
    server.fail({ method: 'PATCH', status: 404, meanwhile: () => void server.comments.splice(1) });
    expect((await post(server)).stderr).toMatch(/^perpetual: created /);
    expect(server.comments.map(({ body }) => body.split('\n')[1])).toEqual(['copied', '']);
  });

  it('keeps to itself when there is nothing to say, unless it has spoken before', async () => {
    const calm = repository(specIn('prod'), {});
    const server = await github();
    const say = (silent: GitHub) =>
      perpetual(['comment', '--against', 'main', '--post', '--pr', '7'], {
        cwd: calm,
        env: { GITHUB_API_URL: silent.url, GITHUB_REPOSITORY: 'example/node', GITHUB_TOKEN: token },
      });
    expect(await say(server)).toMatchObject({ code: 0, stderr: 'perpetual: nothing to say\n' });
    expect(server.comments).toEqual([]);
    const before = await github(some(1, `${marker}\nold`));
    expect((await say(before)).stderr).toMatch(/^perpetual: updated /);
    expect(before.comments[0]?.body).toContain('no differences in 1 spec');
  });

  it('waits as long as GitHub asks, and tries once more', async () => {
    const server = await github();
    const message = 'You have exceeded a secondary rate limit';
    server.fail({ method: 'POST', status: 403, message, headers: { 'retry-after': '1' } });
    expect((await post(server)).stderr).toMatch(/^perpetual: created /);
    expect(server.asked.map(({ method }) => method)).toEqual(['GET', 'POST', 'POST']);
  });

  const limited = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '2000000000' };
  it.each([
    ['GET', 401, 'Bad credentials', {}, 'GitHub does not accept the token'],
    ['GET', 404, 'Not Found', {}, 'GitHub knows no such pull request, or the token may not see it'],
    ['GET', 403, 'API rate limit exceeded', limited, 'GitHub limits the rate of requests'],
    ['POST', 403, 'Resource not accessible by integration', {}, 'the token may not write comments'],
    [
      'POST',
      403,
      'You have exceeded a secondary rate limit',
      { 'retry-after': '3600' },
      'GitHub limits the rate of requests',
    ],
    ['POST', 422, 'Validation Failed', {}, 'GitHub refuses the comment'],
    ['POST', 502, 'Bad Gateway', {}, 'GitHub answers 502'],
  ])('fails no build: %s %i %s', async (method, status, message, headers, reason) => {
    const server = await github();
    server.fail({ method, status, message, headers: headers as Record<string, string> });
    const { code, stdout, stderr } = await post(server);
    expect(code).toBe(0);
    expect(stderr).toContain(`perpetual: the comment is not posted: ${reason}`);
    expect(stderr).not.toContain(token);
    // Whoever looks at the job still sees it.
    expect(stdout.startsWith(marker)).toBe(true);
  });

  it('fails no build of a fork, nor when nobody answers', async () => {
    const server = await github();
    expect(await post(server, { GITHUB_TOKEN: '' })).toMatchObject({
      code: 0,
      stderr: 'perpetual: the comment is not posted: there is no GITHUB_TOKEN\n',
    });
    expect(server.asked).toEqual([]);
    const nobody = await post(server, { GITHUB_API_URL: 'http://127.0.0.1:9' });
    expect(nobody).toMatchObject({ code: 0, stderr: 'perpetual: the comment is not posted: GitHub does not answer\n' });
  });

  it('knows the pull request by the event', async () => {
    const server = await github();
    const event = join(root, 'event.json');
    writeFileSync(event, JSON.stringify({ pull_request: { number: 7 } }));
    expect((await post(server, { GITHUB_REF: 'refs/heads/main', GITHUB_EVENT_PATH: event })).stderr).toMatch(/created/);
  });

  it.each([
    [{ GITHUB_REF: 'refs/heads/main' }, [], 'this is no run for a pull request; name one with "--pr NUMBER"'],
    [{}, ['--pr', 'seven'], '"seven" is not the number of a pull request'],
    [{ GITHUB_REPOSITORY: '' }, [], '"--post" needs GITHUB_REPOSITORY, as in "example/perpetual"'],
  ])('refuses a wrong invocation: %j %j', async (env, args, reason) => {
    const server = await github();
    const { code, stderr } = await post(server, { GITHUB_EVENT_PATH: '', ...env }, ...args);
    expect([code, stderr]).toEqual([2, `perpetual: ${reason}\n`]);
  });

  it('writes a file', async () => {
    const file = join(root, 'comment.md');
    expect(await perpetual(['comment', '--against', 'main', '-o', file], { cwd: root })).toMatchObject({ stdout: '' });
    expect(readFileSync(file, 'utf8').startsWith(marker)).toBe(true);
  });
});
