export type Settings = {
  apiUrl: string;
  supabaseUrl: string;
  supabaseKey: string;
  developerSignIn: boolean;
};

/** Nobody said where the server is; the message says what to do. */
export class SettingsError extends Error {}

export async function loadSettings(): Promise<Settings> {
  throw new SettingsError('no settings');
}
