/// <reference types="node" />
/** `npm run icons`: every icon from assets/mark.svg, as the stores and systems want them. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { light } from '../../src/theme/colors';
import { launch, smaller } from './picture';

const ASSETS = join(__dirname, '../../assets');

type Icon = {
  name: string;
  /** Pixels of a side. */
  size: number;
  /** How much of the side the sign's own square takes. */
  share: number;
  back: string;
  /** A circle instead of a square. */
  isRound?: boolean;
};

const ICONS: Icon[] = [
  { name: 'icon', size: 1024, share: 1.1, back: light.accent },
  // Android cuts away up to a third of the foreground.
  { name: 'adaptive-icon', size: 1024, share: 0.75, back: 'transparent' },
  { name: 'splash', size: 512, share: 1.05, back: light.accent, isRound: true },
  { name: 'favicon', size: 64, share: 1.15, back: light.accent, isRound: true },
  { name: 'notification-icon', size: 96, share: 1.3, back: 'transparent' },
];

async function main(): Promise<void> {
  const mark = await readFile(join(ASSETS, 'mark.svg'), 'utf8');
  const browser = await launch();
  try {
    for (const { name, size, share, back, isRound } of ICONS) {
      const page = await browser.newPage({ viewport: { width: size, height: size } });
      await page.setContent(
        `<style>body{margin:0}div{width:100vw;height:100vh;display:grid;place-items:center;
          overflow:hidden;background:${back};border-radius:${isRound ? '50%' : 0}}
          svg{width:${share * 100}vw;flex:none}</style><div>${mark}</div>`,
      );
      const png = smaller(await page.screenshot({ omitBackground: true }), 32);
      await writeFile(join(ASSETS, `${name}.png`), png);
      process.stdout.write(`${name}.png ${Math.ceil(png.length / 1024)} KB\n`);
      await page.close();
    }
  } finally {
    await browser.close();
  }
}

void main();
