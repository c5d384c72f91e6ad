import inter from '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2';

/** One variable file for every weight; text shows in the browser's own typeface until it is here. */
export function loadFont(): void {
  const font = new FontFace('Inter', `url(${inter})`, { weight: '100 900', display: 'swap' });
  document.fonts.add(font);
}
