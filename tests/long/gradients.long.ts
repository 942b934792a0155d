import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { nativeRuntime } from '../../server/inference/node-runtimes.ts';
import { randomNetwork } from '../property/random-networks.ts';
import { type Counts, Tally } from '../property/tally.ts';

/**
 * `tests/property/gradients.test.ts` with many more networks. At most an hour at a time: the same command goes on where it
 * stopped, and with other networks when it was through. When the compiler or the networks have changed, it starts anew.
 */

const wanted = 20_000;
const longestMs = 55 * 60_000;
const path = '.cache/long/gradients.json';

interface Progress {
  /** Of all sources that decide what is compared. */
  readonly sources: string;
  readonly first: number;
  next: number;
  seconds: number;
  readonly counts: Counts;
}

function hashOfSources(): string {
  const hash = createHash('sha256');
  const files = ['shared/onnx/**/*.ts', 'tests/property/**/*.ts'].flatMap((pattern) => globSync(pattern));
  for (const file of files.toSorted()) {
    if (!file.endsWith('.test.ts')) hash.update(file).update(readFileSync(file));
  }
  return hash.digest('hex');
}

function lastProgress(): Progress {
  const sources = hashOfSources();
  const none: Progress = {
    sources,
    first: 0,
    next: 0,
    seconds: 0,
    counts: { accepted: 0, discarded: {}, occurrences: {} },
  };
  try {
    const last = JSON.parse(readFileSync(path, 'utf8')) as Progress;
    if (last.sources !== sources) return none;
    return last.counts.accepted < wanted ? last : { ...none, first: last.next, next: last.next };
  } catch {
    return none;
  }
}

function save(progress: Progress): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(progress, undefined, 2)}\n`);
}

function summary({ first, next, seconds, counts }: Progress, tally: Tally): string {
  const discarded = Object.entries(counts.discarded).map(([reason, count]) => `${count} ${reason}`);
  const rarest = Object.entries(counts.occurrences).toSorted(([, a], [, b]) => (a ?? 0) - (b ?? 0));
  return [
    `seeds ${first} to ${next - 1}; ${counts.accepted} accepted, ${tally.discarded} discarded (${discarded.join(', ')})`,
    `${rarest.length} operators and old forms; rarest: ${rarest
      .slice(0, 8)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ')}`,
    `${Math.round(seconds)} seconds`,
  ].join('\n');
}

it(`compiled gradients are those of ${wanted} random networks`, async () => {
  const start = await nativeRuntime();
  const progress = lastProgress();
  const tally = new Tally(progress.counts);
  const begun = performance.now();
  const before = progress.seconds;
  while (tally.counts.accepted < wanted && performance.now() - begun < longestMs) {
    const seed = progress.next;
    const count = 1 + (seed % 6);
    await tally.check(`seed ${seed}, ${count} operators`, randomNetwork(seed, count), seed, start);
    progress.next += 1;
    progress.seconds = before + (performance.now() - begun) / 1000;
    if (progress.next % 100 === 0) save(progress);
  }
  save(progress);
  process.stdout.write(`${summary(progress, tally)}\n`);
  expect(tally.discardedShare).toBeLessThan(0.35);
  expect(tally.counts.accepted, 'the same command goes on').toBeGreaterThanOrEqual(wanted);
}, 3_600_000);
