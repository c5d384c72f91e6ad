import { openMicrophone, requestPermission } from '../microphone';

const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
const ear = { hear: jest.fn(), lost: jest.fn() };

/** A browser in which getUserMedia answers so, and says this of its permission. */
function browser(getUserMedia?: () => Promise<unknown>, state?: string) {
  const navigator = {
    mediaDevices: getUserMedia && { getUserMedia },
    permissions: { query: async () => (state ? { state } : Promise.reject(new TypeError())) },
  };
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true });
}

function refusing(name: string) {
  return async () => Promise.reject(new DOMException('No.', name));
}

afterEach(() => Object.defineProperty(globalThis, 'navigator', before ?? {}));

test('asking for the permission does not keep the microphone', async () => {
  const track = { stop: jest.fn() };
  browser(async () => ({ getTracks: () => [track] }));
  await expect(requestPermission()).resolves.toBe('granted');
  expect(track.stop).toHaveBeenCalledTimes(1);
});

test.each([
  ['prompt', 'denied'],
  ['denied', 'blocked'],
  [undefined, 'denied'],
])('a refusal where the browser says %s is %s', async (state, permission) => {
  browser(refusing('NotAllowedError'), state);
  await expect(requestPermission()).resolves.toBe(permission);
  await expect(openMicrophone(ear)).rejects.toMatchObject({ code: `permission_${permission}` });
});

test.each([
  ['NotFoundError', 'No microphone was found.'],
  ['NotReadableError', 'Another program is using the microphone.'],
])('%s is: unavailable', async (name, message) => {
  browser(refusing(name), 'prompt');
  await expect(requestPermission()).rejects.toMatchObject({ code: 'unavailable', message });
});

test('an insecure page is told where recording works', async () => {
  browser();
  await expect(openMicrophone(ear)).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('https://'),
  });
});
