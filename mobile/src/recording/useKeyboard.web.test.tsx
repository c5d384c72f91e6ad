/** @jest-environment jsdom */
import { renderHook } from '@testing-library/react-native';

import { useKeyboard } from './useKeyboard.web';

function aPage(isInFront = true) {
  const keys = { press: jest.fn(), release: jest.fn(), escape: jest.fn() };
  const { unmount } = renderHook(() => useKeyboard(keys, isInFront));
  return { ...keys, unmount };
}

function key(type: 'keydown' | 'keyup', name: string, target: EventTarget = document.body) {
  target.dispatchEvent(new KeyboardEvent(type, { key: name, bubbles: true, cancelable: true }));
}

test.each([' ', 'Enter'])('%p down and up presses and releases the button', (name) => {
  const { press, release } = aPage();
  key('keydown', name);
  expect(press).toHaveBeenCalledTimes(1);
  expect(release).not.toHaveBeenCalled();
  key('keyup', name);
  expect(release).toHaveBeenCalledTimes(1);
});

test('a key that is held repeats itself, but presses once', () => {
  const { press } = aPage();
  document.body.dispatchEvent(new KeyboardEvent('keydown', { key: ' ', bubbles: true }));
  document.body.dispatchEvent(
    new KeyboardEvent('keydown', { key: ' ', bubbles: true, repeat: true }),
  );
  expect(press).toHaveBeenCalledTimes(1);
});

test('Escape cancels', () => {
  const { escape } = aPage();
  key('keydown', 'Escape');
  expect(escape).toHaveBeenCalledTimes(1);
});

test.each(['input', 'textarea', 'button', 'a'])('a key in <%s> belongs to it', (name) => {
  const { press } = aPage();
  const control = document.body.appendChild(document.createElement(name));
  key('keydown', ' ', control);
  expect(press).not.toHaveBeenCalled();
  control.remove();
});

test('a page behind another hears nothing', () => {
  const { press, escape } = aPage(false);
  key('keydown', ' ');
  key('keydown', 'Escape');
  expect(press).not.toHaveBeenCalled();
  expect(escape).not.toHaveBeenCalled();
});

test('a page that is gone hears nothing', () => {
  const { press, unmount } = aPage();
  unmount();
  key('keydown', ' ');
  expect(press).not.toHaveBeenCalled();
});
