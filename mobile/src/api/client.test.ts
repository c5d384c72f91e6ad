import { createServer, noNetwork, silence } from '@/testing/server';
import { createWorld, settled, tokenOf, uuid } from '@/testing/world';

import { createApi, type Api, type Tokens } from './client';
import { ApiProblem } from './problem';

const ADA = uuid(1);
const [FIRST, SECOND] = [tokenOf(ADA, 1), tokenOf(ADA, 2)];

function setUp(tokens: Partial<Tokens> = {}) {
  const server = createServer();
  const world = createWorld(server.fetch);
  const said: string[] = [];
  const api = createApi({
    ...world,
    baseUrl: 'https://api.example.com',
    tokens: {
      current: () => FIRST,
      renew: async (refused) => (said.push(`renew ${refused === FIRST}`), SECOND),
      end: (refused) => void said.push(`end ${refused === SECOND}`),
      ...tokens,
    },
  });
  return { server, world, api, said };
}

const readRepos = (api: Api) => api.ask((http, signal) => http.GET('/repos', { signal }));
const kindOf = (task: Promise<unknown>) =>
  task.then(
    () => 'fine',
    (problem: unknown) => (problem instanceof ApiProblem ? problem.kind : problem),
  );

test('a token that is refused is renewed once, and the request repeated', async () => {
  const { server, api, said } = setUp();
  server.refuse(FIRST);
  expect(await readRepos(api)).toEqual({ repos: [] });
  expect(said).toEqual(['renew true']);
  expect(server.requests.map(({ headers }) => headers.get('Authorization'))).toEqual([
    `Bearer ${FIRST}`,
    `Bearer ${SECOND}`,
  ]);
});

test('a new token that is refused too ends the session; nothing is asked a third time', async () => {
  const { server, api, said } = setUp();
  server.refuse(FIRST);
  server.refuse(SECOND);
  expect(await kindOf(readRepos(api))).toBe('signed_out');
  expect(said).toEqual(['renew true', 'end true']);
  expect(server.requests).toHaveLength(2);
});

test('without another token it is signed out', async () => {
  const { server, api } = setUp({ renew: async () => null });
  server.refuse(FIRST);
  expect(await kindOf(readRepos(api))).toBe('signed_out');
  expect(server.requests).toHaveLength(1);
});

test('nobody who is not signed in asks anything', async () => {
  const { server, api } = setUp({ current: () => null });
  expect(await kindOf(readRepos(api))).toBe('signed_out');
  expect(server.requests).toHaveLength(0);
});

test('that a token can’t be renewed just now ends nothing', async () => {
  const { server, api, said } = setUp({ renew: () => Promise.reject(new ApiProblem('offline')) });
  server.refuse(FIRST);
  expect(await kindOf(readRepos(api))).toBe('offline');
  expect(said).toEqual([]);
});

test('no network is offline, an answer that never comes a timeout', async () => {
  const { server, world, api } = setUp();
  server.next('GET /repos', noNetwork, silence);
  expect(await kindOf(readRepos(api))).toBe('offline');
  const late = kindOf(readRepos(api));
  await settled();
  await world.advance(15_000);
  expect(await late).toBe('timeout');
  expect(world.pendingTimers()).toBe(0);
});

test.each([
  ['a page in place of an answer', () => new Response('<html>Log in to the hotel</html>')],
  ['nothing in place of an answer', () => new Response('')],
])('%s is the server’s fault', async (_, answer) => {
  const { server, api } = setUp();
  server.next('GET /repos', answer);
  expect(await kindOf(api.read('repos', (http, signal) => http.GET('/repos', { signal })))).toBe(
    'server',
  );
});

test('a refusal says how long to wait', async () => {
  const { server, api } = setUp();
  server.next('GET /repos', () => server.problem(429, {}, { 'Retry-After': '7' }));
  await expect(readRepos(api)).rejects.toMatchObject({ kind: 'too_many', retryAfterMs: 7000 });
});

const readTasks = (api: Api) =>
  api.read('tasks', (http, signal, headers) => http.GET('/tasks', { signal, headers }));

test('what is unchanged is the very same object; what has changed is not', async () => {
  const { server, api } = setUp();
  const first = await readTasks(api);
  expect(await readTasks(api)).toBe(first);
  server.add(ADA, { job_id: uuid(5) });
  expect(await readTasks(api)).not.toEqual(first);
  expect(server.requests.map(({ headers }) => headers.has('If-None-Match'))).toEqual([
    false,
    true,
    true,
  ]);
});

test('what was forgotten is asked for as if it had never been known', async () => {
  const { server, api } = setUp();
  await readTasks(api);
  api.forget('tasks');
  await readTasks(api);
  expect(server.requests.map(({ headers }) => headers.has('If-None-Match'))).toEqual([
    false,
    false,
  ]);
});

test('a 304 for what is not known is the server’s fault', async () => {
  const { server, api } = setUp();
  server.next('GET /tasks', () => new Response(null, { status: 304 }));
  expect(await kindOf(readTasks(api))).toBe('server');
});
