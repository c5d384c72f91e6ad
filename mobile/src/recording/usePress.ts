import { useEffect, useRef, useState } from 'react';

/** Held longer than this, letting go sends; milliseconds. */
export const HOLD = 350;
/** So far to the left or up, a finger that slides away cancels; points. */
export const SWIPE = 80;

type Point = { x: number; y: number };
type Actions = { isIdle(): boolean; start(): void; send(): void; cancel(): void };

export type Press = {
  /** Whether it has been held long enough for letting go to send. */
  isHeld: boolean;
  press(at?: Point): void;
  move(at: Point): void;
  release(): void;
  /** A whole press at once, as screen readers make it. */
  tap(): void;
};

/**
 * Press to start and press again to send; or hold and let go. A press that begins while something
 * is recorded sends; one that began the recording sends only if it was held.
 */
export function usePress(actions: Actions): Press {
  const began = useRef<{ time: number; at: Point | null } | null>(null);
  const isFollowed = useRef(false);
  const [isHeld, setIsHeld] = useState(false);
  const holding = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(holding.current), []);
  const end = () => {
    clearTimeout(holding.current);
    setIsHeld(false);
    began.current = null;
  };
  const toggle = (): boolean => {
    if (!actions.isIdle()) {
      actions.send();
      return false;
    }
    actions.start();
    return true;
  };
  return {
    isHeld,
    press: (at) => {
      isFollowed.current = true;
      end();
      if (!toggle()) return;
      began.current = { time: Date.now(), at: at ?? null };
      holding.current = setTimeout(() => setIsHeld(true), HOLD);
    },
    move: (to) => {
      const from = began.current?.at;
      if (!from || (from.x - to.x < SWIPE && from.y - to.y < SWIPE)) return;
      end();
      actions.cancel();
    },
    release: () => {
      const held = began.current ? Date.now() - began.current.time : 0;
      end();
      if (held > HOLD) actions.send();
      // The press that a browser or a phone reports after its release is the same one.
      setTimeout(() => (isFollowed.current = false), 0);
    },
    tap: () => {
      if (!isFollowed.current) toggle();
    },
  };
}
