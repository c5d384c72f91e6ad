/** A server as the contract describes it, for one test. */
import type { components } from '@/api/schema';
import { accountOf } from '@/session/account';
import { acceptedTask, type Task } from '@/tasks/state';

import { uuid } from './world';

type Reply = (request: Request) => Response | Promise<Response>;
type Problem = Pick<components['schemas']['Problem'], 'type' | 'detail'>;

export type Server = ReturnType<typeof createServer>;

export function createServer() {
  const accepted = new Map<string, { jobId: string; userId: string; form: FormData }>();
  const tasks: (Task & { userId: string })[] = [];
  const requests: { what: string; body: unknown; headers: Headers }[] = [];
  const refusedTokens = new Set<string>();
  const script: { what: string; reply: Reply }[] = [];

  function problem(status: number, said: Partial<Problem> = {}, headers: HeadersInit = {}) {
    return Response.json(
      { type: 'https://sayso.dev/problems/none', title: '', status, detail: '', ...said },
      { status, headers },
    );
  }

  async function answer(request: Request, isHeard = false): Promise<Response> {
    const { pathname } = new URL(request.url);
    const what = whatOf(request);
    const isForm = request.headers.get('Content-Type')?.startsWith('multipart/form-data');
    const body = isForm ? await request.formData() : await request.json().catch(() => null);
    if (!isHeard) requests.push({ what, body, headers: request.headers });
    const token = request.headers.get('Authorization')?.replace('Bearer ', '') ?? '';
    const user = accountOf(token);
    if (!user || refusedTokens.has(token)) return problem(401);
    const mine = tasks.filter(({ userId }) => userId === user.userId);
    const jobId = /^\/tasks\/([^/]+)/.exec(pathname)?.[1];
    const task = tasks.find(({ job_id: id }) => id === jobId);
    switch (true) {
      case what === 'POST /task': {
        const key = `${user.userId} ${request.headers.get('Idempotency-Key')}`;
        const made = accepted.get(key)?.jobId ?? uuid(9000 + accepted.size);
        accepted.set(key, { jobId: made, userId: user.userId, form: body as FormData });
        return Response.json({ job_id: made }, { status: 202 });
      }
      case what === 'GET /tasks':
        return tagged(request, { tasks: mine.map(shown), next: null });
      case what === 'GET /repos':
        return Response.json({ repos: [] });
      case pathname === '/device':
        return new Response(null, { status: 204 });
      case pathname.startsWith('/webhook/'):
        return Response.json({ job_id: body.job_id, status: 'pr_opened' }, { status: 202 });
      case jobId !== undefined && !task:
        return problem(404, { type: 'https://sayso.dev/problems/no-such-task' });
      case task && task.userId !== user.userId:
        return problem(403, { type: 'https://sayso.dev/problems/not-yours' });
      case what.endsWith('/cancel'):
        return Response.json({ job_id: jobId, status: 'fail' }, { status: 202 });
      case what.endsWith('/undo'):
        return Response.json({ job_id: uuid(7000) }, { status: 202 });
      case task !== undefined:
        return tagged(request, { ...shown(task), timeline: [], diff_url: null });
      default:
        return problem(404);
    }
  }

  return {
    accepted,
    requests,
    tasks,
    problem,
    refuse: (token: string) => void refusedTokens.add(token),
    /** What the next requests of a kind get, in place of an answer. */
    next: (what: string, ...replies: Reply[]) =>
      void script.push(...replies.map((reply) => ({ what, reply }))),
    count: (what: string) => requests.filter((request) => request.what === what).length,
    add: (userId: string, task: Partial<Task> & Pick<Task, 'job_id'>) =>
      void tasks.push({
        ...acceptedTask({ created_at: '2026-11-29T00:00:00Z', ...task }),
        userId,
      }),
    /** As `fetch`: a request that is given up fails. */
    fetch: async (info: RequestInfo, init?: RequestInit): Promise<Response> => {
      const request = new Request(info, init);
      const index = script.findIndex(({ what }) => what === whatOf(request));
      if (index < 0) return answer(request);
      const [scripted] = script.splice(index, 1);
      const { headers } = request;
      requests.push({ what: whatOf(request), body: null, headers });
      return scripted?.reply(request) ?? answer(request);
    },
    /** Takes a request in as ever. */
    take: (request: Request) => answer(request, true),
  };
}

function whatOf(request: Request): string {
  return `${request.method} ${new URL(request.url).pathname}`;
}

/** No answer ever comes: the request ends when it is given up. */
export function silence(request: Request): Promise<Response> {
  return new Promise((_, reject) =>
    request.signal.addEventListener('abort', () => reject(request.signal.reason)),
  );
}

export function noNetwork(): never {
  throw new TypeError('Failed to fetch');
}

function shown({ userId: _, ...task }: Task & { userId: string }): Task {
  return task;
}

function tagged(request: Request, body: object): Response {
  const etag = `"${JSON.stringify(body).length}-${JSON.stringify(body).slice(0, 400)}"`;
  const tag = `"${Buffer.from(etag).toString('base64url')}"`;
  return request.headers.get('If-None-Match') === tag
    ? new Response(null, { status: 304, headers: { ETag: tag } })
    : Response.json(body, { headers: { ETag: tag } });
}
