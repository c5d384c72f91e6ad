/// <reference types="node" />
/** A browser to take pictures with, and pictures that are small enough to keep. */
import { type Browser, chromium } from 'playwright-core';
// Pure JavaScript, and it chooses the colours: nothing to compile for a few pictures.
import UPNG from 'upng-js';

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      '--disable-background-networking',
      '--disable-gpu',
      '--disable-dev-shm-usage',
    ],
  });
}

/** The same PNG with at most so many colours. */
export function smaller(png: Buffer, colors: number): Buffer {
  const image = UPNG.decode(new Uint8Array(png).buffer);
  return Buffer.from(UPNG.encode(UPNG.toRGBA8(image), image.width, image.height, colors));
}
