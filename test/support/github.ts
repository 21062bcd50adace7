import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

export type Comment = { id: number; body: string; user: string };
export type Asked = { method: string; path: string; authorization: string | undefined };

/** What the next request that fits is answered instead. */
export type Fault = {
  method: string;
  status: number;
  message?: string;
  headers?: Record<string, string>;
  /** Before it is answered. */
  meanwhile?: () => void;
};

/** Answers as GitHub's API does, for one repository: https://docs.github.com/rest/issues/comments */
export async function startGitHub(comments: Comment[] = []) {
  const asked: Asked[] = [];
  const faults: Fault[] = [];
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', headers } = request;
    const { pathname: path, searchParams } = new URL(request.url ?? '', url);
    const body = method === 'GET' ? {} : ((await json(request)) as { body?: string });
    asked.push({ method, path, authorization: headers.authorization });
    const reply = (status: number, value: unknown, more: Record<string, string> = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...more });
      response.end(JSON.stringify(value));
    };
    const index = faults.findIndex((fault) => fault.method === method);
    if (index >= 0) {
      const [fault] = faults.splice(index, 1) as [Fault];
      fault.meanwhile?.();
      return reply(fault.status, { message: fault.message ?? 'no' }, fault.headers);
    }
    const [, issue] = /^\/repos\/example\/node\/issues\/(\d+)\/comments$/.exec(path) ?? [];
    const [, one] = /^\/repos\/example\/node\/issues\/comments\/(\d+)$/.exec(path) ?? [];
    const shown = ({ id, body: text, user }: Comment) => ({
      id,
      body: text,
      user: { login: user },
      html_url: `${url}/c/${id}`,
    });
    if (method === 'GET' && issue === '7') {
      const size = Number(searchParams.get('per_page') ?? 30);
      const page = Number(searchParams.get('page') ?? 1);
      const isLast = page * size >= comments.length;
      const link: Record<string, string> = isLast
        ? {}
        : { link: `<${url}${path}?per_page=${size}&page=${page + 1}>; rel="next"` };
      return reply(200, comments.slice((page - 1) * size, page * size).map(shown), link);
    }
    if (method === 'POST' && issue === '7') {
      const comment = { id: comments.length + 1000, body: body.body ?? '', user: 'bot' };
      comments.push(comment);
      return reply(201, shown(comment));
    }
    const known = comments.find(({ id }) => String(id) === one);
    if (method === 'PATCH' && known) {
      if (known.user !== 'bot') return reply(403, { message: 'Resource not accessible by integration' });
      known.body = body.body ?? '';
      return reply(200, shown(known));
    }
    reply(404, { message: 'Not Found' });
  }

  return {
    url,
    asked,
    comments,
    fail: (fault: Fault): void => void faults.push(fault),
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
