import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { openBrowser } from '../browser/open-browser.ts';
import { startPageServer } from '../browser/page-server.ts';
import { phantomDicom } from '../fixtures/phantom-dicom.ts';
import { cornerstoneFiles, cornerstoneVersion } from './cornerstone-page.ts';
import { quantile } from './measure.ts';

/**
 * `npm run bench:viewport`: cornerstone3D's viewport and ours with a picture of 2140 × 1760, in one run: how much is loaded, whether the
 * page's security policy lets it run, and how long the main thread is taken. Fetches cornerstone3D from the npm registry.
 */

const patienceMs = 20_000;
const folder = mkdtempSync(join(tmpdir(), 'fieldray-viewport-'));
const milliseconds = (value: number): string => `${value.toFixed(0)} ms`;

function buildCornerstonePage(): string {
  for (const [name, content] of Object.entries(cornerstoneFiles)) writeFileSync(join(folder, name), content);
  const packages = ['core', 'tools'].map((name) => `@cornerstonejs/${name}@${cornerstoneVersion}`);
  const quietly = { cwd: folder, stdio: 'ignore' } as const;
  execFileSync('npm', ['install', '--no-audit', '--no-fund', ...packages], quietly);
  execFileSync(fileURLToPath(new URL('../../node_modules/.bin/vite', import.meta.url)), ['build'], quietly);
  return join(folder, 'dist');
}

function gzipKilobytes(scripts: readonly string[]): number {
  return scripts.reduce((sum, path) => sum + gzipSync(readFileSync(path)).length, 0) / 1000;
}

interface Shown {
  readonly firstMs: number;
  readonly windowMs: readonly number[];
  readonly longestMs: number;
}

/** @returns undefined where no picture appears within `patienceMs` */
function showByCornerstone(page: Page): Promise<Shown | undefined> {
  return page.evaluate(
    (patience) =>
      Promise.race([
        (globalThis as unknown as { showPicture: () => Promise<Shown> }).showPicture(),
        new Promise<undefined>((resolve) => setTimeout(resolve, patience)),
      ]),
    patienceMs,
  );
}

async function withPage<Result>(
  dist: string,
  bypassCSP: boolean,
  work: (page: Page) => Promise<Result>,
): Promise<Result> {
  const [server, browser] = await Promise.all([startPageServer(), openBrowser()]);
  server.show(dist);
  try {
    const context = await browser.newContext({ bypassCSP, viewport: { width: 1280, height: 860 } });
    const page = await context.newPage();
    await page.addInitScript(`
      globalThis.longTasks = [];
      new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ duration }) => duration)))
        .observe({ type: 'longtask', buffered: true });
    `);
    await page.goto(server.address);
    return await work(page);
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** Opens the same number of pixels in our page and changes its look ten times. */
async function showByFieldray(page: Page): Promise<number> {
  const path = join(folder, 'picture.dcm');
  writeFileSync(path, phantomDicom({ width: 2140, height: 1760 }));
  await page.locator('.masthead').getByText(/Ready/).first().waitFor({ timeout: 180_000 });
  await page.evaluate('void (longTasks.length = 0)');
  await page.locator('input[type=file]').first().setInputFiles(path);
  const stage = page.locator('.viewer-stage');
  await stage.waitFor({ timeout: 60_000 });
  await stage.focus();
  for (let step = 0; step < 10; step += 1) await page.keyboard.press('Shift+ArrowRight');
  return page.evaluate('Math.max(0, ...longTasks)');
}

mkdirSync(folder, { recursive: true });
const dist = buildCornerstonePage();
const loaded = gzipKilobytes(globSync(join(dist, 'assets/*.js')));
console.log(`cornerstone3D ${cornerstoneVersion}, core and tools: ${loaded.toFixed(0)} kB gzip`);

const refused = await withPage(dist, false, showByCornerstone);
console.log(
  `under the page's security policy: ${refused === undefined ? `no picture within ${milliseconds(patienceMs)}` : milliseconds(refused.firstMs)}`,
);
const free = await withPage(dist, true, showByCornerstone);
if (free === undefined) throw new Error('cornerstone3D shows no picture without the policy either');
console.log(
  `without the policy: first picture after ${milliseconds(free.firstMs)}, a change of the window ${milliseconds(quantile(free.windowMs, 0.5))} (median of 10), longest task of the main thread ${milliseconds(free.longestMs)}`,
);

execFileSync(process.execPath, [
  fileURLToPath(new URL('../../web/build/build-page.ts', import.meta.url)),
  '--if-stale',
]);
const ours = fileURLToPath(new URL('../../dist/web', import.meta.url));
const longest = await withPage(ours, false, showByFieldray);
console.log(`our viewer: longest task of the main thread, reading included, ${milliseconds(longest)}`);
rmSync(folder, { recursive: true });
