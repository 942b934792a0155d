import { type Browser, type BrowserContext, chromium } from 'playwright-core';
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

/** WebGPU computed by the processor: right, and very slow. */
export const softwareGpu = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

export function openBrowser(args: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: pathOrThrow(), args: [...quiet, ...args] });
}

/** A browser that keeps everything in `folder`, as a person's does: closed and opened again it knows what it knew. */
export function openProfile(folder: string, args: readonly string[] = []): Promise<BrowserContext> {
  return chromium.launchPersistentContext(folder, {
    executablePath: pathOrThrow(),
    args: [...quiet, ...args],
    viewport: { width: 1280, height: 860 },
  });
}

function pathOrThrow(): string {
  if (chromiumPath === undefined) throw new Error('No Chromium: set CHROMIUM_PATH');
  return chromiumPath;
}
