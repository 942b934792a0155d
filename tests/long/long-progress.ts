import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A campaign goes at most this long at a time; the same command goes on where it stopped. */
const longestMs = 55 * 60_000;
const savedEach = 50;

export interface LongRun<Tally> {
  readonly name: string;
  readonly wanted: number;
  /** What the outcome depends on: when one of these files has changed, it starts anew. */
  readonly sources: readonly string[];
  readonly none: Tally;
  /** Of one number; adds to the tally, says what is wrong. */
  readonly step: (number: number, tally: Tally) => Promise<readonly string[]>;
}

export interface LongProgress<Tally> {
  readonly sources: string;
  next: number;
  seconds: number;
  readonly problems: string[];
  readonly tally: Tally;
}

/** Of all files but tests that match. */
export function hashOfSources(patterns: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of patterns.flatMap((pattern) => globSync(pattern)).toSorted()) {
    if (!file.endsWith('.test.ts')) hash.update(file).update(readFileSync(file));
  }
  return hash.digest('hex');
}

/** Takes steps until there are as many as wanted, or the time is over, and keeps what it has in `.cache/long`. */
export async function runLong<Tally>(run: LongRun<Tally>): Promise<LongProgress<Tally>> {
  const path = `.cache/long/${run.name}.json`;
  const sources = hashOfSources(run.sources);
  let progress: LongProgress<Tally> = { sources, next: 0, seconds: 0, problems: [], tally: run.none };
  try {
    const last = JSON.parse(readFileSync(path, 'utf8')) as LongProgress<Tally>;
    if (last.sources === sources && last.next < run.wanted) progress = last;
  } catch {
    // There was none.
  }
  mkdirSync(dirname(path), { recursive: true });
  const save = (): void => writeFileSync(path, `${JSON.stringify(progress, undefined, 2)}\n`);

  const begun = performance.now();
  const before = progress.seconds;
  while (progress.next < run.wanted && performance.now() - begun < longestMs) {
    progress.problems.push(...(await run.step(progress.next, progress.tally)));
    progress.next += 1;
    progress.seconds = before + (performance.now() - begun) / 1000;
    if (progress.next % savedEach === 0) save();
  }
  save();
  return progress;
}
