// A browser has no pushes.
export {};
