import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { phantomFile } from '../../shared/imaging/phantom-file.ts';
import type { Outcome } from '../../web/data/reading.ts';
import type { RuntimeChoice } from '../../web/engine/engine-state.ts';
import type { StoredRuntimes } from '../../web/engine/runtime-store.ts';
import { openBrowser } from '../browser/open-browser.ts';
import { startPageServer } from '../browser/page-server.ts';
import { phantomDicom } from '../fixtures/phantom-dicom.ts';
import { timeMaps } from './map-times.ts';
import { quantile } from './measure.ts';

/**
 * What the page costs on top of the two networks: from the moment a file is chosen until its result stands in the list,
 * storing it twice included; how long its maps take; whether the main thread stays free; how much memory the tab takes and whether it grows.
 */

const aimedOverheadMs = 250;
const longestTaskMs = 50;
const aimedPeakBytes = 600e6;
const aimedGrowth = 0.2;

const { values: options } = parseArgs({
  options: {
    images: { type: 'string', default: '100' },
    timed: { type: 'string', default: '15' },
    side: { type: 'string', default: '1024' },
  },
});
const [images, timed, side] = [options.images, options.timed, options.side].map(Number);
if (!images || !timed || !side) throw new TypeError('--images, --timed and --side take a number');

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
const verdict = (met: boolean): string => (met ? 'meets the aim' : 'misses the aim');

execFileSync(process.execPath, [
  fileURLToPath(new URL('../../web/build/build-page.ts', import.meta.url)),
  '--if-stale',
]);
/** Without it Chromium measures memory when it comes to it, often after half a minute. */
const eagerMeasuring = ['--enable-blink-features=ForceEagerMeasureMemory'];

const folder = await mkdtemp(join(tmpdir(), 'fieldray-bench-'));
const [server, browser] = await Promise.all([startPageServer(), openBrowser(eagerMeasuring)]);
server.show(fileURLToPath(new URL('../../dist/web', import.meta.url)));
const page = await browser.newPage();
await page.addInitScript(`
  globalThis.longTasks = [];
  new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ duration }) => duration)))
    .observe({ type: 'longtask', buffered: true });
`);
await page.goto(server.address);

/** Everything in one table of the page's database. */
function stored<Row>(table: string): Promise<readonly Row[]> {
  return page.evaluate(
    (name) =>
      new Promise<readonly Row[]>((resolve, reject) => {
        const opening = indexedDB.open('fieldray');
        opening.addEventListener('error', () => reject(opening.error!));
        opening.addEventListener('success', () => {
          const asked = opening.result.transaction(name).objectStore(name).getAll();
          asked.addEventListener('success', () => {
            opening.result.close();
            resolve(asked.result as Row[]);
          });
        });
      }),
    table,
  );
}

/** The choices as they are stored, once everything has been compared. */
async function choices(): Promise<readonly RuntimeChoice[]> {
  await page.locator('.masthead').getByText(/Ready/).first().waitFor({ timeout: 120_000 });
  for (;;) {
    const [settings] = await stored<StoredRuntimes>('settings');
    const chosen = settings?.choices ?? [];
    const compared = chosen.every(({ trials }) => trials.some(({ backend }) => backend === 'webgpu'));
    if (chosen.length > 0 && compared) return chosen;
    await page.waitForTimeout(200);
  }
}

/** Median milliseconds of each step, by the analyses' own stopwatch. */
async function stepsInWords(): Promise<string> {
  const outcomes = await stored<Outcome>('outcomes');
  const times = outcomes.flatMap(({ analysis }) => analysis?.provenance.timesMs ?? []);
  const steps = ['decode', 'intake', 'segment', 'prepare', 'classify', 'explain', 'total'] as const;
  return steps
    .map(
      (step) =>
        `${step} ${quantile(
          times.map((each) => each[step]),
          0.5,
        ).toFixed(0)}`,
    )
    .join(', ');
}

/** Both networks, as this device has just timed them on the runtime that it uses. */
function bareMs(chosen: readonly RuntimeChoice[]): number {
  return chosen.reduce((sum, { backend, threads, trials }) => {
    const trial = trials.find((each) => each.backend === backend && each.threads === threads);
    return sum + (trial?.runMs ?? Number.NaN);
  }, 0);
}

/** From the disk: files that are handed over as bytes are unpacked on the page's main thread. */
async function chooseFiles(files: readonly { name: string; bytes: Uint8Array }[]): Promise<void> {
  for (const { name, bytes } of files) await writeFile(join(folder, name), bytes);
  await page.setInputFiles(
    '#file',
    files.map(({ name }) => join(folder, name)),
  );
}

/** Milliseconds, by the page's own clock, until the list shows the result. */
async function timeReading(name: string, bytes: Uint8Array): Promise<number> {
  const done = page.evaluate(
    (wanted) =>
      new Promise<number>((resolve) => {
        let begun = 0;
        document.querySelector('#file')!.addEventListener('change', () => (begun = performance.now()), {
          capture: true,
          once: true,
        });
        const observer = new MutationObserver(() => {
          const row = [...document.querySelectorAll('.row')].find((each) =>
            each.textContent.includes(wanted),
          );
          if (row === undefined || !row.textContent.includes('Pneumonia')) return;
          observer.disconnect();
          resolve(performance.now() - begun);
        });
        observer.observe(document.body, { subtree: true, childList: true, characterData: true });
      }),
    name,
  );
  await chooseFiles([{ name, bytes }]);
  const ms = await done;
  // The page shows it now, which takes a core: the next one comes when that is over, as a next patient does.
  await page.locator('#result h2', { hasText: name }).waitFor();
  await page.locator('.viewer-stage').waitFor();
  await page.waitForTimeout(500);
  return ms;
}

async function untilAllRead(count: number): Promise<void> {
  for (;;) {
    const left = await page
      .locator('.row')
      .filter({ hasText: /Waiting|Reading/ })
      .count();
    if (left === 0 && (await page.locator('.row').count()) >= count) return;
    await page.waitForTimeout(200);
  }
}

async function memoryBytes(target: Page): Promise<number> {
  const measured = await target.evaluate(() =>
    (
      performance as unknown as { measureUserAgentSpecificMemory(): Promise<{ bytes: number }> }
    ).measureUserAgentSpecificMemory(),
  );
  return measured.bytes;
}

const longTasks = (): Promise<number[]> =>
  page.evaluate(() => (globalThis as unknown as { longTasks: number[] }).longTasks);

const first = await choices();
console.log(
  `\n${cpus()[0]?.model}, ${cpus().length} cores; ${await page.evaluate(() => navigator.userAgent)}`,
);
for (const { model, reason } of first) console.log(`${model}: ${reason}`);

const startTasks = (await longTasks()).length;
const durations: number[] = [];
for (let index = 0; index < timed; index += 1) {
  const bytes = phantomFile({ width: side, height: side, seed: index + 1, opacity: index % 2 === 0 });
  durations.push(await timeReading(`timed-${index}.png`, bytes));
}
const bare = bareMs(first);
const whole = quantile(durations, 0.5);
console.log(
  `\n${timed} phantoms of ${side} × ${side}, one at a time, from choosing to the result in the list:`,
);
console.log(
  `  median ${whole.toFixed(0)} ms, 90 % within ${quantile(durations, 0.9).toFixed(0)} ms; both networks alone ${bare.toFixed(0)} ms`,
);
console.log(`  within the worker (ms): ${await stepsInWords()}`);
console.log(
  `  on top of the networks ${(whole - bare).toFixed(0)} ms (aim: at most ${aimedOverheadMs} ms) – ${verdict(whole - bare <= aimedOverheadMs)}`,
);

const { gradCamMs, afterPictureMs, integratedMs } = await timeMaps(page, () =>
  chooseFiles([{ name: 'maps.png', bytes: phantomFile({ width: side, height: side, seed: 99 }) }]),
);
const forwardMs = bareMs(first.filter(({ model }) => model !== 'cxr-lungs'));
console.log(
  `\nmaps: Grad-CAM comes with the result; on the screen ${gradCamMs.toFixed(0)} ms after the finding, ${afterPictureMs.toFixed(0)} ms after the picture;`,
);
console.log(
  `  integrated gradients with their judgement ${(integratedMs / 1000).toFixed(1)} s, ${(integratedMs / forwardMs).toFixed(0)} times the classifier's ${forwardMs.toFixed(0)} ms`,
);

const large = phantomDicom({ width: 2140, height: 1760 });
let peak = 0;
await chooseFiles([{ name: 'large.dcm', bytes: large }]);
const polling = (async () => {
  for (let turn = 0; turn < 3; turn += 1) peak = Math.max(peak, await memoryBytes(page));
})();
await untilAllRead(timed + 2);
await page.locator('.row', { hasText: 'large.dcm' }).locator('a').click();
await page.locator('.viewer-stage').waitFor();
await polling;
const early = await memoryBytes(page);
peak = Math.max(peak, early);

const batch = 20;
for (let done = 0; done < images; done += batch) {
  const files = Array.from({ length: Math.min(batch, images - done) }, (_, index) => ({
    name: `image-${done + index}.png`,
    bytes: phantomFile({ width: side, height: side, seed: index + 1 }),
  }));
  await chooseFiles(files);
  await untilAllRead(timed + 2 + done + files.length);
}
const late = await memoryBytes(page);
peak = Math.max(peak, late);
console.log(`\nmemory of the tab, workers and WebAssembly included (measureUserAgentSpecificMemory):`);
console.log(
  `  2140 × 1760 DICOM read and shown: peak ${megabytes(peak)} (aim: at most ${megabytes(aimedPeakBytes)}) – ${verdict(peak <= aimedPeakBytes)}`,
);
const growth = late / early - 1;
console.log(
  `  after ${images} more images ${megabytes(late)} against ${megabytes(early)}: ${(growth * 100).toFixed(0)} % more (aim: at most ${aimedGrowth * 100} %) – ${verdict(growth <= aimedGrowth)}`,
);

const tasks = (await longTasks()).slice(startTasks);
const longest = Math.max(0, ...tasks);
console.log(
  `\ntasks of the main thread over ${longestTaskMs} ms while it worked: ${tasks.length}, the longest ${longest.toFixed(0)} ms – ${verdict(tasks.length === 0)}`,
);
await browser.close();
await server.stop();
await rm(folder, { recursive: true });
