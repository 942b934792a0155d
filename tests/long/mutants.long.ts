import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { type Catch, huntMutant, mostHuntedSeeds } from '../simulation/hunt-mutant.ts';
import { mutants } from '../simulation/mutants.ts';
import { hashOfSources } from './long-progress.ts';

/**
 * Every planted bug of `tests/simulation/mutants.ts`, until a seed of the simulation notices it, 200 at most. At most an hour at
 * a time: the same command goes on where it stopped, and anew when the protocol or the simulation has changed.
 */

const longestMs = 55 * 60_000;
const path = '.cache/long/mutants.json';

interface Progress {
  readonly sources: string;
  readonly caught: Record<string, Catch>;
}

const sourcePatterns = [
  'shared/log/**/*.ts',
  'server/store/**/*.ts',
  'server/auth/**/*.ts',
  'tests/simulation/*.ts',
];

function lastProgress(): Progress {
  const sources = hashOfSources(sourcePatterns);
  try {
    const last = JSON.parse(readFileSync(path, 'utf8')) as Progress;
    return last.sources === sources ? last : { sources, caught: {} };
  } catch {
    return { sources, caught: {} };
  }
}

it(`of ${mutants.length} planted bugs at least 95 % are noticed within ${mostHuntedSeeds} seeds`, async () => {
  const progress = lastProgress();
  const begun = performance.now();
  const open = mutants.filter(({ name }) => progress.caught[name] === undefined);
  async function hunt(): Promise<void> {
    for (let next = open.shift(); next !== undefined; next = open.shift()) {
      if (performance.now() - begun > longestMs) return;
      const caught = await huntMutant(next);
      progress.caught[next.name] = caught;
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `${JSON.stringify(progress, undefined, 2)}\n`);
      const how = caught.seed === null ? 'SURVIVES' : `seed ${caught.seed}: ${caught.invariant}`;
      process.stdout.write(`${next.name.padEnd(28)} ${how}\n`);
    }
  }
  await Promise.all([hunt(), hunt()]);
  const done = mutants.filter(({ name }) => progress.caught[name] !== undefined);
  const survivors = done.filter(({ name }) => progress.caught[name]!.seed === null).map(({ name }) => name);
  process.stdout.write(
    `${done.length - survivors.length} of ${done.length} noticed; survivors: ${survivors.join(', ') || 'none'}\n`,
  );
  expect(done.length, 'the same command goes on').toBe(mutants.length);
  expect(survivors.length).toBeLessThanOrEqual(mutants.length * 0.05);
}, 3_600_000);
