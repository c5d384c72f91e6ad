/** Asks the API in one user's name. */
import createClient, { type Client } from 'openapi-fetch';

import { ApiProblem, problemOf } from './problem';
import type { paths } from './schema';
import { createEtags } from './etags';

/** The access tokens of one user. The server alone decides whether one holds: no clock is asked. */
export type Tokens = {
  /** Null as soon as somebody else, or nobody, is signed in. */
  current(): string | null;
  /**
   * Another token in place of one that was refused; null if there is none, and the session over.
   *
   * @throws ApiProblem if that can't be found out just now.
   */
  renew(refused: string): Promise<string | null>;
  /** Ends the session: even a new token is refused. */
  end(refused: string): void;
};

type Answer<T> = { data?: T; error?: unknown; response: Response };
type IfNoneMatch = { 'If-None-Match'?: string };
type Ask<T> = (client: Client<paths>, signal: AbortSignal) => Promise<Answer<T>>;

export type Api = {
  /**
   * Asks, and once more with a fresh token if the first is refused.
   *
   * @param send makes a new request each time it is called.
   * @throws ApiProblem for every answer but a good one.
   */
  ask<T>(send: Ask<T>, options?: { timeoutMs?: number; signal?: AbortSignal }): Promise<T>;
  /**
   * Asks for what may be known already; an unchanged answer is the very object that is known.
   *
   * @param key names the answer among all that are kept.
   */
  read<T>(
    key: string,
    send: (client: Client<paths>, signal: AbortSignal, headers: IfNoneMatch) => Promise<Answer<T>>,
    options?: { signal?: AbortSignal },
  ): Promise<T>;
  /** Makes the next `read` of something bring all of it. */
  forget(key: string): void;
};

export type ApiEffects = {
  baseUrl: string;
  fetch: (request: Request) => Promise<Response>;
  /** Calls back after a while, unless the returned function is called before. */
  later(ms: number, then: () => void): () => void;
  now(): number;
  tokens: Tokens;
};

const TIMEOUT_MS = 15_000;

export function createApi({ baseUrl, fetch, later, now, tokens }: ApiEffects): Api {
  const etags = createEtags();

  async function attempt<T>(
    token: string,
    send: Ask<T>,
    timeoutMs: number,
    cancelled?: AbortSignal,
  ): Promise<Answer<T>> {
    const headers = { Authorization: `Bearer ${token}` };
    const giveUp = new AbortController();
    let isLate = false;
    const stopClock = later(timeoutMs, () => {
      isLate = true;
      giveUp.abort();
    });
    const cancel = () => giveUp.abort();
    cancelled?.addEventListener('abort', cancel);
    try {
      return await send(createClient<paths>({ baseUrl, fetch, headers }), giveUp.signal);
    } catch (error) {
      if (error instanceof SyntaxError) throw new ApiProblem('server'); // no JSON: not our server
      throw new ApiProblem(isLate ? 'timeout' : 'offline');
    } finally {
      stopClock();
      cancelled?.removeEventListener('abort', cancel);
    }
  }

  async function answered<T>(
    send: Ask<T>,
    timeoutMs: number = TIMEOUT_MS,
    signal?: AbortSignal,
  ): Promise<Answer<T>> {
    const token = tokens.current();
    if (token === null) throw new ApiProblem('signed_out');
    let answer = await attempt(token, send, timeoutMs, signal);
    if (answer.response.status === 401) {
      const renewed = await tokens.renew(token);
      if (renewed === null) throw new ApiProblem('signed_out');
      answer = await attempt(renewed, send, timeoutMs, signal);
      if (answer.response.status === 401) tokens.end(renewed);
    }
    const { response, error } = answer;
    if (response.ok || response.status === 304) return answer;
    throw problemOf(response.status, error, response.headers.get('Retry-After'), now());
  }

  return {
    async ask<T>(send: Ask<T>, options: { timeoutMs?: number; signal?: AbortSignal } = {}) {
      const { data } = await answered(send, options.timeoutMs, options.signal);
      return data as T;
    },
    async read<T>(
      key: string,
      send: (
        client: Client<paths>,
        signal: AbortSignal,
        headers: IfNoneMatch,
      ) => Promise<Answer<T>>,
      options: { signal?: AbortSignal } = {},
    ) {
      const { data, response } = await answered(
        (client, signal) => send(client, signal, etags.headers(key)),
        TIMEOUT_MS,
        options.signal,
      );
      if (response.status === 304) {
        const known = etags.known(key);
        if (known === undefined) throw new ApiProblem('server');
        return known as T;
      }
      if (typeof data !== 'object' || data === null) throw new ApiProblem('server');
      etags.keep(key, response.headers.get('ETag'), data);
      return data;
    },
    forget: etags.forget,
  };
}
