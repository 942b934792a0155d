import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { toBase64Url } from '../../shared/kernel/bytes.ts';
import { randomLog } from '../fixtures/random-log.ts';
import { makeTarget, missedBy, tamperWith, type Target } from '../fixtures/tamper-log.ts';
import { tamperings } from '../fixtures/tamperings.ts';
import { verifyText } from '../fixtures/verify-text.ts';
import { hashOfSources } from './long-progress.ts';

/**
 * Every kind of tampering at a thousand places, and ten thousand honest logs. At most an hour at a time: the same command
 * goes on where it stopped, and anew when verifier or tamperings have changed. FIELDRAY_PLACES and FIELDRAY_LOGS ask for others.
 */

const places = Number(process.env['FIELDRAY_PLACES'] ?? 1000);
const logs = Number(process.env['FIELDRAY_LOGS'] ?? 10_000);
const longestMs = 55 * 60_000;
const path = '.cache/long/tampering.json';
const kinds = Object.keys(tamperings);
/** So many places of every kind in one log. */
const ofOneLog = 5;

interface Progress {
  readonly sources: string;
  nextLog: number;
  nextTarget: number;
  readonly found: Record<string, number>;
  readonly problems: string[];
  forks: number;
  restores: number;
}

const sourcePatterns = [
  'shared/log/**/*.ts',
  'tests/fixtures/{*log*,*tamper*,altered-export,random-choices,verify-text}.ts',
];

function lastProgress(): Progress {
  const sources = `${hashOfSources(sourcePatterns)} ${places} ${logs}`;
  const none = { sources, nextLog: 0, nextTarget: 0, found: {}, problems: [], forks: 0, restores: 0 };
  try {
    const last = JSON.parse(readFileSync(path, 'utf8')) as Progress;
    return last.sources === sources && !isDone(last) ? last : none;
  } catch {
    return none;
  }
}

const isFull = ({ found }: Progress, kind: string): boolean => (found[kind] ?? 0) >= places;

function isDone(progress: Progress): boolean {
  return progress.nextLog >= logs && kinds.every((kind) => isFull(progress, kind));
}

function save(progress: Progress): void {
  mkdirSync('.cache/long', { recursive: true });
  writeFileSync(path, `${JSON.stringify(progress, undefined, 2)}\n`);
}

async function tryHonest(progress: Progress): Promise<void> {
  const seed = 1_000_000 + progress.nextLog++;
  const { log, kept } = await randomLog(seed, 60);
  const pinnedKeys = [toBase64Url(log.root.publicKey)];
  const report = await verifyText(await log.text(), { receipts: kept, pinnedKeys });
  progress.forks += report.forks.length;
  progress.restores += report.notes.restores;
  if (report.verdict !== 'sound')
    progress.problems.push(`honest log of seed ${seed}: ${report.findings[0]?.code}`);
}

async function tryKind(progress: Progress, target: Target, kind: string, logSeed: number): Promise<void> {
  for (let seed = 0; seed < ofOneLog && !isFull(progress, kind); seed++) {
    const altered = await tamperWith(target, kind, logSeed * ofOneLog + seed);
    if (altered === null) continue;
    progress.found[kind] = (progress.found[kind] ?? 0) + 1;
    const missed = await missedBy(target, kind, altered);
    if (missed !== undefined) progress.problems.push(`${kind}, log ${logSeed}, place ${seed}: ${missed}`);
  }
}

it(
  `finds ${kinds.length} kinds of tampering at ${places} places each, and raises no alarm in ${logs} logs`,
  { timeout: 2 * longestMs },
  async () => {
    const progress = lastProgress();
    const until = performance.now() + longestMs;
    while (progress.nextLog < logs && performance.now() < until) {
      await tryHonest(progress);
      if (progress.nextLog % 100 === 0) save(progress);
    }
    while (!isDone(progress) && performance.now() < until) {
      const logSeed = 2_000_000 + progress.nextTarget++;
      const target = await makeTarget(logSeed);
      for (const kind of kinds) await tryKind(progress, target, kind, logSeed);
      save(progress);
    }
    save(progress);
    expect(progress.problems).toEqual([]);
    expect(
      isDone(progress),
      `not done yet: run it again to go on (${progress.nextLog} logs, ${progress.nextTarget} targets)`,
    ).toBe(true);
    expect(progress.forks).toBeGreaterThan(logs / 10);
    expect(progress.restores).toBeGreaterThan(logs / 10);
  },
);
