import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { noFaults } from '../simulation/faults.ts';
import { failureText } from '../simulation/report-text.ts';
import { runSeeds } from '../simulation/run-seeds.ts';
import { addTallies, type SimulationOptions, type Tally } from '../simulation/seed-report.ts';
import { hashOfSources } from './long-progress.ts';

/**
 * 5,000 worlds of 20 devices with 50 operations each. At most an hour at a time: the same command goes on where it stopped, and
 * anew when the protocol or the simulation has changed. FIELDRAY_SIMULATIONS=N asks for another number.
 */

const wanted = Number(process.env['FIELDRAY_SIMULATIONS'] ?? 5000);
const options: SimulationOptions = { devices: 20, ops: 50, store: 'mixed' };
const longestMs = 50 * 60_000;
const path = '.cache/long/simulate.json';

interface Progress {
  readonly sources: string;
  next: number;
  seconds: number;
  entries: number;
  events: number;
  operations: Tally;
  faults: Tally;
  conflicts: Tally;
  digest: string;
  readonly failures: string[];
}

const sourcePatterns = [
  'shared/log/**/*.ts',
  'server/store/**/*.ts',
  'server/auth/**/*.ts',
  'tests/simulation/*.ts',
];

function lastProgress(): Progress {
  const sources = hashOfSources(sourcePatterns);
  const none: Progress = {
    sources,
    next: 1,
    seconds: 0,
    entries: 0,
    events: 0,
    operations: {},
    faults: noFaults(),
    conflicts: {},
    digest: '',
    failures: [],
  };
  try {
    const last = JSON.parse(readFileSync(path, 'utf8')) as Progress;
    return last.sources === sources && last.next <= wanted ? last : none;
  } catch {
    return none;
  }
}

it(`${wanted} worlds of ${options.devices} devices: nothing lost, doubled, diverged or broken`, async () => {
  const progress = lastProgress();
  const begun = performance.now();
  const before = progress.seconds;
  const seeds = Array.from({ length: wanted - progress.next + 1 }, (_, index) => progress.next + index);
  await runSeeds(seeds, options, (report) => {
    progress.next = report.seed + 1;
    progress.seconds = before + (performance.now() - begun) / 1000;
    progress.entries += report.entries;
    progress.events += report.events;
    for (const part of ['operations', 'faults', 'conflicts'] as const) {
      progress[part] = addTallies(progress[part], report[part]);
    }
    progress.digest = createHash('sha256').update(`${progress.digest}${report.digest}`).digest('hex');
    if (report.violation !== undefined) progress.failures.push(failureText(report, options));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${JSON.stringify(progress, undefined, 2)}\n`);
    return performance.now() - begun < longestMs;
  });
  const { next, seconds, entries, events, faults, failures, digest } = progress;
  const counts = Object.entries(faults).map(([name, count]) => `${name} ${count}`);
  process.stdout.write(
    `${next - 1} of ${wanted} worlds in ${Math.round(seconds)} s, ${entries} entries, ${events} events, digest ` +
      `${digest.slice(0, 32)}\n${counts.join(', ')}\n`,
  );
  expect(failures).toEqual([]);
  expect(next, 'the same command goes on').toBeGreaterThan(wanted);
}, 3_600_000);
