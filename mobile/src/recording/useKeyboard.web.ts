import { useEffect, useEffectEvent } from 'react';

import type { Keys } from './useKeyboard';

export type { Keys } from './useKeyboard';

const CONTROLS = 'a, button, input, textarea, select, [role], [contenteditable="true"]';

/** Space or Enter talks wherever nothing else wants the key; Escape cancels. */
export function useKeyboard(keys: Keys, isInFront: boolean): void {
  const press = useEffectEvent(keys.press);
  const release = useEffectEvent(keys.release);
  const escape = useEffectEvent(keys.escape);
  useEffect(() => {
    if (!isInFront) return;
    const isOurs = (event: KeyboardEvent) =>
      (event.key === ' ' || event.key === 'Enter') &&
      !(event.target instanceof Element && event.target.closest(CONTROLS)) &&
      !document.querySelector('[aria-modal="true"]');
    const down = (event: KeyboardEvent) => {
      if (event.key === 'Escape') return escape();
      if (!isOurs(event)) return;
      event.preventDefault(); // Space would scroll.
      if (!event.repeat) press();
    };
    const up = (event: KeyboardEvent) => {
      if (isOurs(event)) release();
    };
    window.addEventListener('keydown', down);
    window.addEventListener('keyup', up);
    return () => {
      window.removeEventListener('keydown', down);
      window.removeEventListener('keyup', up);
    };
  }, [isInFront]);
}
