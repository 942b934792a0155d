import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { describeThrown } from '../../shared/kernel/errors.ts';
import { type MutationReader, startMutationReader } from './mutations/mutation-reader.ts';
import { seedFiles } from './mutations/seed-files.ts';

/**
 * Mutated files against the decoder, in a process of their own: no death, none longer than two seconds, none with more than
 * 256 MB beyond its picture. At most an hour at a time: the same command goes on where it stopped. When the decoder or the
 * mutations have changed, it starts anew. FIELDRAY_MUTATIONS=N asks for another number.
 */

const wanted = Number(process.env['FIELDRAY_MUTATIONS'] ?? 50_000);
const longestMs = 55 * 60_000;
const slowMs = 2000;
const mostBytes = 256 * 1024 * 1024;
const path = '.cache/long/dicom-mutations.json';

interface Progress {
  readonly sources: string;
  next: number;
  seconds: number;
  readonly outcomes: Record<string, number>;
  readonly problems: string[];
  slowestMs: number;
  peakBytes: number;
}

function hashOfSources(): string {
  const hash = createHash('sha256');
  const patterns = ['shared/imaging/**/*.ts', 'tests/fixtures/*.ts', 'tests/long/mutations/*.ts'];
  for (const file of patterns.flatMap((pattern) => globSync(pattern)).toSorted())
    if (!file.endsWith('.test.ts')) hash.update(file).update(readFileSync(file));
  return hash.digest('hex');
}

function lastProgress(): Progress {
  const sources = hashOfSources();
  const none = { sources, next: 0, seconds: 0, outcomes: {}, problems: [], slowestMs: 0, peakBytes: 0 };
  try {
    const last = JSON.parse(readFileSync(path, 'utf8')) as Progress;
    return last.sources === sources && last.next < wanted ? last : none;
  } catch {
    return none;
  }
}

function save(progress: Progress): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(progress, undefined, 2)}\n`);
}

/** The `number`-th mutant: every file in turn, each time with another seed and another file to take pieces from. */
async function tryMutant(
  progress: Progress,
  names: readonly string[],
  reader: MutationReader,
): Promise<void> {
  const number = progress.next;
  const file = number % names.length;
  const other = (number * 7 + Math.trunc(number / names.length)) % names.length;
  const what = `mutant ${number}: ${names[file]}, seed ${number + 1}, with ${names[other]}`;
  const complain = (problem: string): void => void progress.problems.push(`${what}: ${problem}`);
  try {
    const report = await reader.report({ file, other, seed: number + 1 });
    const extraBytes = report.peakBytes - report.outputBytes;
    progress.outcomes[report.outcome] = (progress.outcomes[report.outcome] ?? 0) + 1;
    if (report.problem !== undefined) complain(report.problem);
    // On a busy machine the clock counts what others do; a decoder waits for nothing.
    const ms = Math.min(report.ms, report.cpuMs);
    if (ms > slowMs) complain(`took ${Math.round(ms)} ms`);
    if (extraBytes > mostBytes) complain(`took ${Math.round(extraBytes / 2 ** 20)} MB beyond its picture`);
    // The peak of a process stays: the next file must not be charged with it.
    if (extraBytes > mostBytes) reader.close();
    progress.slowestMs = Math.max(progress.slowestMs, ms);
    progress.peakBytes = Math.max(progress.peakBytes, extraBytes);
  } catch (thrown) {
    progress.outcomes['death'] = (progress.outcomes['death'] ?? 0) + 1;
    complain(describeThrown(thrown));
  }
  progress.next += 1;
}

it(`${wanted} mutated files kill nothing, none is slow, none takes much memory`, async () => {
  const names = seedFiles().map(({ name }) => name);
  const progress = lastProgress();
  const reader = startMutationReader();
  const begun = performance.now();
  const before = progress.seconds;
  while (progress.next < wanted && performance.now() - begun < longestMs) {
    await tryMutant(progress, names, reader);
    progress.seconds = before + (performance.now() - begun) / 1000;
    if (progress.next % 200 === 0) save(progress);
  }
  reader.close();
  save(progress);
  const { next, seconds, outcomes, slowestMs, peakBytes } = progress;
  const counts = Object.entries(outcomes).map(([outcome, count]) => `${count} ${outcome}`);
  process.stdout.write(
    `${next} of ${wanted} mutants of ${names.length} files in ${Math.round(seconds)} s: ${counts.join(', ')}; ` +
      `slowest ${Math.round(slowestMs)} ms, most memory ${Math.round(peakBytes / 2 ** 20)} MB beyond a picture\n`,
  );
  expect(progress.problems).toEqual([]);
  expect(next, 'the same command goes on').toBeGreaterThanOrEqual(wanted);
}, 3_600_000);
