import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '../../../shared/kernel/seeded-random.ts';
import { captureCommits, type Commit } from './capture-commits.ts';
import { type Stage, tornImage } from './torn-image.ts';
import { openImage } from './try-image.ts';
import { writeLog } from './write-log.ts';

export interface TornCampaign {
  /** Commits of which images are made. */
  readonly commits: readonly Commit[];
  /** Makes and opens the `number`-th image; what is wrong with it, or nothing. */
  tryImage(number: number): Promise<{ readonly stage: Stage; readonly problem?: string }>;
  close(): Promise<void>;
}

const noJournal = new Uint8Array(0);

/** The images are made by us, so that no sync matters: in memory where the system has a place for that. */
const place = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** @param seed decides the commits; the number of an image decides the image */
export async function startTornCampaign(seed: number, count: number): Promise<TornCampaign> {
  const folder = await mkdtemp(join(place, 'fieldray-torn-'));
  // Every third commit with a cache of a few pages: SQLite then writes to the database while the transaction goes on.
  const cachePages = (number: number): number => (number % 3 === 2 ? 2 : 2000);
  const work = {
    work: (database: Parameters<typeof writeLog>[0]) => writeLog(database, seededRandom(seed), count),
  };
  const commits = await captureCommits({ folder, cachePages, ...work });

  const known = new Map<string, string>();
  async function digestOfState(at: number, state: 'before' | 'after'): Promise<string> {
    const key = `${at} ${state}`;
    const digest =
      known.get(key) ??
      (await openImage(join(folder, 'whole'), { database: commits[at]![state], journal: noJournal }));
    known.set(key, digest);
    return digest;
  }

  return {
    commits,
    async tryImage(number) {
      const at = number % commits.length;
      const random = seededRandom(createHash('sha256').update(`${seed}/${number}`).digest().readUInt32BE());
      const stale = commits[(at + commits.length - 1) % commits.length]!.journal.bytes;
      const image = tornImage(commits[at]!, { random, stale });
      const expected = await digestOfState(at, image.expected);
      const found = await openImage(join(folder, `image-${number}`), image);
      if (found === expected) return { stage: image.stage };
      const problem = `seed ${seed}, image ${number} (commit ${at}, ${image.stage}): not ${image.expected} but ${found}`;
      return { stage: image.stage, problem };
    },
    close: () => rm(folder, { recursive: true }),
  };
}
