/** Supabase's sign-in, as far as the app speaks to it; its own library is in between. */
import { tokenOf, uuid } from './world';

export function createSupabase(userId = uuid(1)) {
  const requests: { what: string; body: Record<string, unknown> }[] = [];
  const script: (() => Response)[] = [];
  let serial = 0;

  function session() {
    serial += 1;
    return {
      access_token: tokenOf(userId, serial),
      refresh_token: `refresh-${serial}`,
      token_type: 'bearer',
      expires_in: 3600,
      expires_at: Math.floor(Date.now() / 1000) + 3600,
      user: { id: userId, email: 'ada@example.com', aud: 'authenticated' },
    };
  }

  return {
    requests,
    /** The access token that was given out last. */
    token: () => tokenOf(userId, serial),
    session,
    next: (...answers: typeof script) => void script.push(...answers),
    fetch: async (info: RequestInfo, init?: RequestInit): Promise<Response> => {
      const request = new Request(info, init);
      const { pathname, searchParams } = new URL(request.url);
      const what = [pathname, searchParams.get('grant_type')].filter(Boolean).join(' ');
      requests.push({ what, body: await request.json().catch(() => ({})) });
      const scripted = script.shift();
      if (scripted) return scripted();
      if (what.endsWith('/otp')) return Response.json({});
      if (what.endsWith('/logout')) return new Response(null, { status: 204 });
      return Response.json(session());
    },
  };
}

export function refused(status: number, code: string): Response {
  return Response.json({ code: status, error_code: code, msg: code }, { status });
}
