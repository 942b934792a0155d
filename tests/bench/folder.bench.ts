import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { phantomFile } from '../../shared/imaging/phantom-file.ts';
import { openBrowser } from '../browser/open-browser.ts';
import { startPageServer } from '../browser/page-server.ts';
import { phantomDicom } from '../fixtures/phantom-dicom.ts';
import { quantile } from './measure.ts';

/**
 * `npm run bench:folder`: a folder of generated pictures is chosen in the page. From the choice on: when the first small
 * picture is on the screen, when all are in the list, and how long an input had to wait, which a click every 100 ms asks.
 */

const { values: options } = parseArgs({
  options: {
    files: { type: 'string', default: '300' },
    side: { type: 'string', default: '512' },
    seconds: { type: 'string', default: '240' },
  },
});
const [files, side] = [options.files, options.side].map(Number);
if (!files || !side) throw new TypeError('--files and --side take a number');

const aimedThumbnailMs = 1000;
const aimedInputMs = 50;
const verdict = (met: boolean): string => (met ? 'meets the aim' : 'misses the aim');

execFileSync(process.execPath, [
  fileURLToPath(new URL('../../web/build/build-page.ts', import.meta.url)),
  '--if-stale',
]);
const folder = await mkdtemp(join(tmpdir(), 'fieldray-folder-'));
// Twelve pictures over and over: drawing each anew takes longer than reading it.
const drawn = Array.from({ length: 12 }, (_, seed) =>
  seed % 2 === 0
    ? phantomDicom({ width: side, height: side, seed })
    : phantomFile({ width: side, height: side, seed }),
);
for (let index = 0; index < files; index += 1) {
  const name = `IM${String(index).padStart(4, '0')}`;
  await writeFile(join(folder, index % 2 === 0 ? name : `${name}.png`), drawn[index % drawn.length]!);
}

const [server, browser] = await Promise.all([startPageServer(), openBrowser()]);
server.show(fileURLToPath(new URL('../../dist/web', import.meta.url)));
try {
  const page = await browser.newPage();
  await page.addInitScript(`
    globalThis.seen = { tasks: [], inputs: [], chosen: 0, thumbnail: 0, listed: 0 };
    new PerformanceObserver((list) => seen.tasks.push(...list.getEntries().map(({ startTime, duration }) => [startTime, duration])))
      .observe({ type: 'longtask', buffered: true });
    addEventListener('change', () => (seen.chosen = performance.now()), { capture: true });
    document.addEventListener('load', (event) => {
      if (event.target instanceof HTMLImageElement && seen.chosen > 0) seen.thumbnail ||= performance.now();
    }, { capture: true });
    addEventListener('keydown', (event) => {
      const asked = event.timeStamp;
      seen.inputs.push(performance.now() - asked);
    }, { capture: true });
  `);
  await page.goto(server.address);
  await page.locator('.masthead').getByText(/Ready/).first().waitFor({ timeout: 120_000 });
  // The comparison of the runtimes would be measured, too.
  await page.waitForTimeout(15_000);
  // Processor time, which other work on the machine does not lengthen.
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  const busySeconds = async (): Promise<number> => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
  };
  const before = await busySeconds();
  await page.setInputFiles('#folder', folder);
  const started = performance.now();
  let listedMs = 0;
  let listedBusy = 0;
  let readMs = 0;
  const limitMs = Number(options.seconds) * 1000;
  while (performance.now() - started < limitMs) {
    await page.keyboard.press('Shift');
    await page.waitForTimeout(100);
    const rows = await page.evaluate(() => document.querySelectorAll('.row').length);
    if (rows >= files && listedMs === 0) {
      listedMs = performance.now() - started;
      listedBusy = (await busySeconds()) - before;
    }
    if (listedMs === 0) continue;
    // Only the icon of each row: to read the words of three hundred rows would be what is measured.
    const left = await page.evaluate(() => document.querySelectorAll('.row-waiting, .row-reading').length);
    if (left > 0) continue;
    readMs = performance.now() - started;
    break;
  }
  const wholeBusy = (await busySeconds()) - before;
  const seen = await page.evaluate(
    () =>
      (
        globalThis as unknown as {
          seen: { tasks: [number, number][]; inputs: number[]; chosen: number; thumbnail: number };
        }
      ).seen,
  );
  const late = seen.tasks.filter(([at]) => at >= seen.chosen);
  const tasks = late.map(([, duration]) => duration);
  const longest = late.toSorted((a, b) => b[1] - a[1]).slice(0, 8);
  const thumbnailMs = seen.thumbnail === 0 ? Number.NaN : seen.thumbnail - seen.chosen;
  const worstInput = Math.max(...seen.inputs);
  const worstTask = Math.max(0, ...tasks);
  console.log(`\n${files} files of ${side} × ${side} chosen as a folder`);
  console.log(
    `  first small picture after ${thumbnailMs.toFixed(0)} ms (aim: ${aimedThumbnailMs}) – ${verdict(thumbnailMs <= aimedThumbnailMs)}`,
  );
  console.log(
    `  all in the list after ${(listedMs / 1000).toFixed(1)} s, all read after ${readMs === 0 ? 'more than the limit' : `${(readMs / 1000).toFixed(1)} s`}`,
  );
  console.log(
    `  ${seen.inputs.length} inputs waited ${quantile(seen.inputs, 0.5).toFixed(1)} ms in the middle, ${worstInput.toFixed(0)} ms at most (aim: ${aimedInputMs}) – ${verdict(worstInput <= aimedInputMs)}`,
  );
  console.log(
    `  tasks over 50 ms: ${tasks.length}, the longest ${worstTask.toFixed(0)} ms – ${verdict(tasks.length === 0)}`,
  );
  console.log(
    `  the main thread computed ${listedBusy.toFixed(2)} s until all were in the list, ${wholeBusy.toFixed(2)} s in all`,
  );
  for (const [at, duration] of longest) {
    console.log(
      `    ${duration.toFixed(0)} ms, ${((at - seen.chosen) / 1000).toFixed(2)} s after the choice`,
    );
  }
} finally {
  await browser.close();
  await server.stop();
  await rm(folder, { recursive: true });
}
