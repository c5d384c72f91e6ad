export type Keys = { press(): void; release(): void; escape(): void };

/** A phone has no keys to talk with. */
export function useKeyboard(_keys: Keys, _isInFront: boolean): void {}
