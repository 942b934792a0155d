import { type Browser, chromium } from 'playwright-core';
import { findChromium } from '../setup/find-chromium.ts';

const quiet = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const chromiumPath = findChromium();

/** Only a person's own machine may go without a browser; a run that counts may not. */
export const mayGoWithout = chromiumPath === undefined && process.env['CI'] === undefined;

export function openBrowser(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error('No Chromium: set CHROMIUM_PATH');
  return chromium.launch({ executablePath: chromiumPath, args: quiet });
}
