/** Phones bring their own typeface. */
export function loadFont(): void {}
