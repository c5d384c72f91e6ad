/** What an address that opened the app says about signing in. */
export type SignInLink =
  /** From an e-mail: good only together with the verifier that this device drew (PKCE). */
  | { kind: 'code'; code: string }
  /** A developer's token, which whoever starts a local system hands over. */
  | { kind: 'token'; token: string };

/**
 * Reads an address. Sessions that come ready-made in a link (`access_token`) are not taken: anybody
 * could send somebody a link to the sender's own account.
 *
 * @returns null if it says nothing of that.
 */
export function signInLink(address: string): SignInLink | null {
  const [beforeHash = '', hash = ''] = address.split('#', 2);
  const token = new URLSearchParams(hash).get('token');
  if (token) return { kind: 'token', token };
  const code = new URLSearchParams(beforeHash.split('?', 2)[1] ?? '').get('code');
  return code ? { kind: 'code', code } : null;
}
