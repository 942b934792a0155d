import { mkdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

/** Draws the icons for home screens from `web/public/icon.svg`. Run it when that has changed: `node web/build/draw-icons.ts`. */

const publicDir = new URL('../public/', import.meta.url);
/** The colour of the drawing's own ground. */
const ground = '#0b4f5c';

const icons = [
  { name: 'icon-192.png', side: 192, share: 1 },
  { name: 'icon-512.png', side: 512, share: 1 },
  // Cut to any shape by the device: the drawing has to lie in the circle of 80 % of the width (W3C App Manifest, "maskable").
  { name: 'icon-maskable-512.png', side: 512, share: 0.85, ground },
  // iOS rounds the corners itself and shows what is transparent as black.
  { name: 'apple-touch-icon.png', side: 180, share: 1, ground },
];

const drawing = await readFile(new URL('icon.svg', publicDir), 'utf8');
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
await mkdir(new URL('icons/', publicDir), { recursive: true });
for (const { name, side, share, ground = 'transparent' } of icons) {
  const page = await browser.newPage({ viewport: { width: side, height: side } });
  await page.setContent(
    `<style>body { margin: 0; display: grid; place-items: center; height: 100vh; background: ${ground} }
    svg { width: ${share * 100}vw }</style>${drawing}`,
  );
  const path = fileURLToPath(new URL(`icons/${name}`, publicDir));
  await page.screenshot({ path, omitBackground: true });
  await page.close();
}
await browser.close();
