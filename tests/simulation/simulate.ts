import { parseArgs } from 'node:util';
import { mutants } from './mutants.ts';
import { campaignText, failureText, missingFaults, seedLine } from './report-text.ts';
import { runSeeds, type RunOptions } from './run-seeds.ts';
import { type SeedReport, usualOptions } from './seed-report.ts';

/** `npm run simulate`: devices and hub under every fault, one seed for everything. */

const usage = `Usage: npm run simulate -- [--seeds N] [--from FIRST] [--devices D] [--ops K]
                           [--store memory|libsql|mixed] [--mutant NAME] [--verbose] [--journal FILE]

  --seeds    how many worlds to run (20)        --devices  devices in each (${usualOptions.devices})
  --from     the first seed (1)                 --ops      operations of each device (${usualOptions.ops})
  --store    the hub's database: Node's SQLite in memory, libSQL as in production, or (mixed)
             libSQL in every eighth seed; devices keep theirs in memory
  --mutant   with this bug planted; one of ${mutants.length} in tests/simulation/mutants.ts
  --verbose  one line for each seed
  --journal  a file for every event of the (last) seed`;

interface Wanted extends RunOptions {
  readonly seeds: number;
  readonly from: number;
  readonly verbose: boolean;
}

function wholeNumber(text: string, name: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new TypeError(`--${name} must be a whole number from 1`);
  return value;
}

function readOptions(args: readonly string[]): Wanted {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: 'string', default: '20' },
      from: { type: 'string', default: '1' },
      devices: { type: 'string', default: String(usualOptions.devices) },
      ops: { type: 'string', default: String(usualOptions.ops) },
      store: { type: 'string', default: usualOptions.store },
      mutant: { type: 'string' },
      verbose: { type: 'boolean', default: false },
      journal: { type: 'string' },
    },
  });
  const { store, mutant, verbose, journal } = values;
  if (store !== 'memory' && store !== 'libsql' && store !== 'mixed') {
    throw new TypeError('--store is memory, libsql or mixed');
  }
  if (mutant !== undefined && !mutants.some(({ name }) => name === mutant)) {
    throw new TypeError(`there is no mutant ${mutant}`);
  }
  return {
    seeds: wholeNumber(values.seeds, 'seeds'),
    from: wholeNumber(values.from, 'from'),
    devices: wholeNumber(values.devices, 'devices'),
    ops: wholeNumber(values.ops, 'ops'),
    store,
    verbose,
    ...(mutant === undefined ? {} : { mutant }),
    ...(journal === undefined ? {} : { journal }),
  };
}

async function main(): Promise<number> {
  let wanted: Wanted;
  try {
    wanted = readOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    return 2;
  }
  const seeds = Array.from({ length: wanted.seeds }, (_, index) => wanted.from + index);
  const reports: SeedReport[] = [];
  const begun = performance.now();
  await runSeeds(seeds, wanted, (report) => {
    reports.push(report);
    if (wanted.verbose || wanted.seeds <= 20) console.log(seedLine(report));
    if (report.violation !== undefined) console.log(failureText(report, wanted));
  });
  console.log(campaignText(reports, wanted, performance.now() - begun));
  const isBlind = wanted.mutant === undefined && wanted.seeds >= 20 && missingFaults(reports).length > 0;
  return isBlind || reports.some(({ violation }) => violation !== undefined) ? 1 : 0;
}

process.exitCode = await main();
