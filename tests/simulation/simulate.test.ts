import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { huntingGround, huntMutant } from './hunt-mutant.ts';
import { mutants } from './mutants.ts';
import { campaignText, missingFaults } from './report-text.ts';
import { runSeeds, type RunOptions } from './run-seeds.ts';
import { type SeedReport, usualOptions } from './seed-report.ts';
import { soonNoticed } from './soon-noticed.ts';

/** Few, because a world takes seconds; `npm run simulate -- --seeds 60` runs more. */
const seedCount = Number(process.env['FIELDRAY_SIMULATION_SEEDS'] ?? 6);

/** So many at most for a planted bug. */
const firstSeeds = 10;

async function reportsOf(seeds: readonly number[], options: RunOptions): Promise<SeedReport[]> {
  const reports: SeedReport[] = [];
  await runSeeds(seeds, options, (report) => void reports.push(report));
  return reports;
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe('devices and hub in one virtual world', () => {
  it(`hold every rule under every fault, ${seedCount} seeds`, async () => {
    const begun = performance.now();
    const reports = await reportsOf(upTo(seedCount), usualOptions);
    const text = campaignText(reports, usualOptions, performance.now() - begun);
    expect(
      reports.filter(({ violation }) => violation !== undefined),
      text,
    ).toEqual([]);
    expect(missingFaults(reports), text).toEqual([]);
  }, 1_200_000);

  it('are the same to the last event when a seed is run again', async () => {
    const options = { ...huntingGround, devices: 3, ops: 8 };
    const digests = (reports: readonly SeedReport[]): string[] => reports.map(({ digest }) => digest);
    // In other processes, in another order, and on the other database.
    const once = digests(await reportsOf([1, 2, 3], options));
    const again = digests(await reportsOf([3, 1, 2], { ...options, workers: 1 }));
    expect([again[1], again[2], again[0]]).toEqual(once);
    expect(new Set(once).size).toBe(3);
    expect(digests(await reportsOf([1], { ...options, store: 'libsql' }))).toEqual(once.slice(0, 1));
  }, 300_000);
});

describe('the rules', () => {
  it(`notice planted bugs of every part, ${soonNoticed.length} of them`, async () => {
    const open = [...soonNoticed];
    const unnoticed: string[] = [];
    const lane = async (): Promise<void> => {
      for (let name = open.shift(); name !== undefined; name = open.shift()) {
        const mutant = mutants.find((each) => each.name === name);
        const { seed } = await huntMutant(mutant!, { seeds: firstSeeds });
        if (seed === null) unnoticed.push(name);
      }
    };
    await Promise.all([lane(), lane()]);
    expect(unnoticed).toEqual([]);
  }, 600_000);
});

describe('npm run simulate', () => {
  it('says what was wrong with its options, and how they are', async () => {
    const run = promisify(execFile)(process.execPath, ['tests/simulation/simulate.ts', '--seeds', 'many']);
    const failure = await run.then(
      () => undefined,
      (error: unknown) => error as { code: number; stderr: string },
    );
    expect(failure).toMatchObject({ code: 2 });
    expect(failure?.stderr).toMatch(/--seeds must be a whole number[^]*Usage: npm run simulate/);
  }, 60_000);

  it('ends with 1 for a violation, and gives the seed, the rule and the command that repeats it', async () => {
    const { devices, ops, store } = huntingGround;
    const size = `--devices ${devices} --ops ${ops}`;
    const bug = `--store ${store} --mutant ${soonNoticed[0]}`;
    const args = ['--seeds', String(firstSeeds), ...`${size} ${bug}`.split(' ')];
    const run = promisify(execFile)(process.execPath, ['tests/simulation/simulate.ts', ...args]);
    const failure = await run.then(
      () => undefined,
      (error: unknown) => error as { code: number; stdout: string },
    );
    expect(failure).toMatchObject({ code: 1 });
    const seed = /Seed (\d+) violates: \w/.exec(failure!.stdout)?.[1];
    expect(failure?.stdout).toContain(`Repeat: npm run simulate -- --seeds 1 --from ${seed} ${size} ${bug}`);
  }, 300_000);
});
