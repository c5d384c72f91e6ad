/// <reference types="node" />
/**
 * Pictures of the app, of the real web build in a real browser.
 *
 *   npm run screenshots                 what docs/app keeps
 *   npm run screenshots -- FOLDER [NAME…]   every state in both themes and sizes, into FOLDER
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';

import { launch, smaller } from './picture';
import { type State, states } from './states';
import { answer, serve, token, usual } from './world';

declare global {
  interface Window {
    axe: typeof axe;
  }
}

const WEB = join(__dirname, '../../dist/web');
const DOCS = join(__dirname, '../../../docs/app');
const THEMES = ['light', 'dark'] as const;
const SIZES = {
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 1.5 },
  tablet: { viewport: { width: 1024, height: 768 }, deviceScaleFactor: 1 },
} as const;
const COLORS = 96;
/** Bytes; a picture is for looking at, not for printing. */
const LARGEST = 60_000;

type Look = { theme: (typeof THEMES)[number]; size: keyof typeof SIZES };

async function picture(browser: Browser, origin: string, state: State, look: Look) {
  const context = await browser.newContext({
    ...SIZES[look.size],
    colorScheme: look.theme,
    permissions: state.isDeaf ? [] : ['microphone'],
  });
  const page = await context.newPage();
  if (state.isDeaf) await page.addInitScript(deafen);
  await answer(page, { ...usual, ...state.world });
  if (!state.isStranger) {
    await page.goto(`${origin}/#token=${token()}`);
    await settled(page);
  }
  if (state.isStranger || state.path !== '/') {
    await page.goto(`${origin}${state.path}`);
    await settled(page);
  }
  await state.go?.(page);
  await page.waitForTimeout(state.name === 'recording' ? 60 : 600);
  const png = await page.screenshot();
  await inspect(page, `${state.name}, ${look.theme}, ${look.size}`);
  await context.close();
  return smaller(png, COLORS);
}

/** The font is here, and nothing is being fetched. */
async function settled(page: Page): Promise<void> {
  await page.getByRole('heading').filter({ visible: true }).first().waitFor();
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(700);
}

/** A picture of something that axe finds fault with (WCAG 2.2 A and AA) is not kept. */
async function inspect(page: Page, name: string): Promise<void> {
  await page.evaluate(axe.source);
  const faults = await page.evaluate(async () => {
    const found = await window.axe.run({
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
    });
    return found.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  });
  if (faults.length) throw new Error([name, ...faults].join('\n'));
}

function deafen() {
  navigator.mediaDevices.getUserMedia = () =>
    Promise.reject(new DOMException('Permission denied', 'NotAllowedError'));
  navigator.permissions.query = () => Promise.resolve({ state: 'denied' } as PermissionStatus);
}

async function main([folder, ...names]: string[]): Promise<void> {
  const target = folder ?? DOCS;
  await mkdir(target, { recursive: true });
  const { origin, server } = await serve(WEB);
  const browser = await launch();
  try {
    for (const state of states.filter(({ name }) => !names.length || names.includes(name))) {
      for (const theme of THEMES) {
        for (const size of ['phone', 'tablet'] as const) {
          if (!folder && !state.kept.includes(`${theme}-${size}`)) continue;
          const png = await picture(browser, origin, state, { theme, size });
          const file = `${state.name}-${theme}-${size}.png`;
          if (png.length > LARGEST) throw new Error(`${file} has ${png.length} bytes.`);
          await writeFile(join(target, file), png);
          process.stdout.write(`${file} ${Math.ceil(png.length / 1024)} KB\n`);
        }
      }
    }
  } finally {
    await browser.close();
    server.close();
  }
}

void main(process.argv.slice(2));
