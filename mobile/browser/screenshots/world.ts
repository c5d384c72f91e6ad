/// <reference types="node" />
/** The web build on a port of this machine, and the API that it asks, answered from fixtures. */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, extname, join, normalize } from 'node:path';

import type { Page, Route } from 'playwright-core';

import { diffs } from './diffs';
import { detailed, fresh, jobId, repos, tasks } from './fixtures';

const API = 'https://api.sayso.test';
const MEDIA = 'https://media.sayso.test';
const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Serve a folder; an address that is no file is a page of the app. */
export async function serve(folder: string): Promise<{ origin: string; server: Server }> {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
    if (path === '/config.json') {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ apiUrl: API, developerSignIn: true }));
      return;
    }
    const file = extname(path) ? path : '/index.html';
    readFile(join(folder, file)).then(
      (body) => {
        response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream');
        response.end(body);
      },
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { origin: `http://localhost:${(server.address() as AddressInfo).port}`, server };
}

/** What the server would answer; a state changes a part of it. */
export type World = {
  tasks: typeof tasks;
  repos: typeof repos;
  /** POST /task. */
  accepts: (route: Route) => Promise<void>;
};

export const usual: World = {
  tasks,
  repos,
  accepts: (route) => json(route, 202, { job_id: jobId(99) }),
};

/** Answer everything that a page asks of the API. */
export async function answer(page: Page, world: World): Promise<void> {
  await page.route(`${MEDIA}/**`, (route) => {
    const body = diffs[basename(new URL(route.request().url()).pathname, '.diff')] ?? '';
    return route.fulfill({ status: 200, headers: CORS, contentType: 'text/plain', body });
  });
  await page.route(`${API}/**`, (route) => {
    const tasks = world.tasks.map(fresh);
    const request = route.request();
    const { pathname } = new URL(request.url());
    if (request.method() === 'OPTIONS') return route.fulfill({ status: 204, headers: CORS });
    if (pathname === '/task') return world.accepts(route);
    if (pathname === '/tasks') return json(route, 200, { tasks, next: null });
    if (pathname === '/repos') return json(route, 200, { repos: world.repos });
    if (request.method() !== 'GET') return json(route, 202, { job_id: jobId(1), status: 'ok' });
    const task = tasks.find(({ job_id }) => pathname === `/tasks/${job_id}`);
    return task
      ? json(route, 200, detailed(task))
      : problem(route, 404, 'no-such-task', 'There is no such task.');
  });
}

export function problem(route: Route, status: number, type: string, detail: string) {
  const body = { type: `https://sayso.dev/problems/${type}`, title: type, status, detail };
  return json(route, status, body, 'application/problem+json');
}

export function json(
  route: Route,
  status: number,
  body: object,
  contentType = 'application/json',
): Promise<void> {
  return route.fulfill({ status, headers: CORS, contentType, body: JSON.stringify(body) });
}

const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': '*',
  'access-control-allow-methods': '*',
  'access-control-expose-headers': '*',
};

/** A token as a developer has it; nobody checks its signature here. */
export function token(): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    sub: '7f1f1f5e-3a34-4a52-9a5f-0f8f3a1c9d10',
    email: 'ada@example.com',
    aud: 'authenticated',
    role: 'authenticated',
    iat: now,
    exp: now + 3600,
  };
  return `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}.${part({})}`;
}
