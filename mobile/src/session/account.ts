/** Whose access token it is: read, not verified, for only the server can do that. */
export type Account = { userId: string; email: string };

/** The account that a JWT names; null if it is no JWT of a person. */
export function accountOf(token: string): Account | null {
  const [, payload, signature] = token.trim().split('.');
  if (!payload || signature === undefined) return null;
  try {
    const said: unknown = JSON.parse(decoded(payload));
    if (typeof said !== 'object' || said === null) return null;
    const { sub, email } = said as Record<string, unknown>;
    if (typeof sub !== 'string' || !UUID.test(sub)) return null;
    return { userId: sub.toLowerCase(), email: typeof email === 'string' ? email : '' };
  } catch {
    return null; // neither base64 nor JSON
  }
}

export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function decoded(base64url: string): string {
  const binary = atob(base64url.replace(/-/g, '+').replace(/_/g, '/'));
  return new TextDecoder().decode(Uint8Array.from(binary, (byte) => byte.charCodeAt(0)));
}
