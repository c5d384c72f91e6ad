import { fetchSettings, settingsOf, SettingsError } from './settings';

const SAID = {
  apiUrl: 'https://api.example.com/',
  supabaseUrl: 'https://x.supabase.co',
  supabaseKey: 'key',
};

test('addresses lose the slash at their end', () => {
  expect(settingsOf(SAID)).toEqual({
    ...SAID,
    apiUrl: 'https://api.example.com',
    developerSignIn: false,
  });
});

test('on the web an address may be below the page’s origin', () => {
  expect(settingsOf({ ...SAID, apiUrl: '/api' }, 'https://sayso.example').apiUrl).toBe(
    'https://sayso.example/api',
  );
});

test('without Supabase, a developer’s token is enough', () => {
  const { apiUrl } = SAID;
  expect(settingsOf({ apiUrl, developerSignIn: true })).toMatchObject({ supabaseUrl: '' });
});

test.each([
  ['nothing', undefined],
  ['no server', { ...SAID, apiUrl: '' }],
  ['no address', { ...SAID, apiUrl: 'javascript:alert(1)' }],
  ['nobody who could sign in', { apiUrl: SAID.apiUrl }],
  ['a developer’s sign-in that is not exactly true', { apiUrl: SAID.apiUrl, developerSignIn: 1 }],
])('%s is said in a sentence', (_, said) => {
  expect(() => settingsOf(said)).toThrow(SettingsError);
});

test('config.json is read next to the page, wherever in the app that is', async () => {
  const asked: string[] = [];
  const ask = async (url: string) => (asked.push(url), Response.json(SAID));
  await fetchSettings(ask, 'https://sayso.example/tasks/1?x#y');
  expect(asked).toEqual(['https://sayso.example/config.json']);
});

test.each([
  ['no network', () => Promise.reject(new TypeError('Failed to fetch'))],
  ['no file', async () => new Response('', { status: 404 })],
  ['a page in its place', async () => new Response('<html>')],
])('%s is said in a sentence', async (_, ask) => {
  await expect(fetchSettings(ask, 'https://sayso.example/')).rejects.toThrow(/config\.json/);
});
