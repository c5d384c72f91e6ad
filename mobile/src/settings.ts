import Constants from 'expo-constants';
import { Platform } from 'react-native';

/** What an installation is told, once, when it starts. */
export type Settings = {
  apiUrl: string;
  supabaseUrl: string;
  supabaseKey: string;
  /** Whether a developer's token is taken in place of signing in: on one's own machine only. */
  developerSignIn: boolean;
};

/** The app was not told where its server is; the message says what to do. */
export class SettingsError extends Error {}

/**
 * Reads the settings: `/config.json` beside the page on the web, `extra.settings` of the build on
 * phones.
 *
 * @throws SettingsError if they are missing or make no sense.
 */
export async function loadSettings(): Promise<Settings> {
  return Platform.OS === 'web'
    ? fetchSettings(fetch, document.baseURI)
    : settingsOf(Constants.expoConfig?.extra?.settings);
}

export async function fetchSettings(
  ask: (url: string) => Promise<Response>,
  page: string,
): Promise<Settings> {
  const { origin } = new URL(page);
  try {
    const answer = await ask(`${origin}/config.json`);
    if (answer.ok) return settingsOf(await answer.json(), origin);
  } catch (problem) {
    if (problem instanceof SettingsError) throw problem;
  }
  throw new SettingsError('Sayso can’t read its /config.json: check the network and reload.');
}

/**
 * @param origin what an address that begins with `/` is below; null where there is none.
 */
export function settingsOf(said: unknown, origin: string | null = null): Settings {
  const named = typeof said === 'object' && said !== null ? { ...said } : {};
  const { apiUrl, supabaseUrl, supabaseKey, developerSignIn } = named as Record<string, unknown>;
  const settings = {
    apiUrl: addressOf(apiUrl, origin),
    supabaseUrl: addressOf(supabaseUrl, origin),
    supabaseKey: typeof supabaseKey === 'string' ? supabaseKey : '',
    developerSignIn: developerSignIn === true,
  };
  if (!settings.apiUrl) {
    throw new SettingsError('This build of Sayso does not know its server: set SAYSO_API_URL.');
  }
  if (!settings.developerSignIn && !(settings.supabaseUrl && settings.supabaseKey)) {
    throw new SettingsError(
      'This build of Sayso lets nobody sign in: set SUPABASE_URL and SUPABASE_ANON_KEY.',
    );
  }
  return settings;
}

/** An address without a slash at its end; empty if it is none. */
function addressOf(said: unknown, origin: string | null): string {
  if (typeof said !== 'string') return '';
  const address = said.startsWith('/') && origin ? `${origin}${said}` : said;
  return /^https?:\/\/[^\s/]+/.test(address) ? address.replace(/\/+$/, '') : '';
}
