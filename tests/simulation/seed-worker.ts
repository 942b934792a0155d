import { flushCompileCache } from 'node:module';
import { plantMutant } from './plant-mutant.ts';
import { countWebCrypto } from './come-to-rest.ts';
import { sealProcess } from './outside.ts';
import type { SeedReport, SimulationOptions } from './seed-report.ts';

/** A process that runs seed after seed; `argv[2]` names a bug to be planted first. */

export interface SeedTask {
  readonly seed: number;
  readonly options: SimulationOptions;
}

/** What the code of the engine, of which nobody knows, would be if it were wrong. */
export type SeedAnswer = SeedReport | { readonly failure: string };

const mutant = process.argv[2];
if (mutant !== undefined) plantMutant(mutant);
countWebCrypto();
sealProcess();
// Only now: whatever this imports must be the mutant, and find the process sealed.
const { runSeed } = await import('./run-seed.ts');
// It does not end by itself, when Node would do this.
flushCompileCache();

// The ends of a dead process leave promises behind that nobody waits for.
process.on('unhandledRejection', () => undefined);

process.on('message', (task: SeedTask) => {
  runSeed(task.seed, task.options).then(
    (report) => process.send!(report satisfies SeedAnswer),
    (error: unknown) =>
      process.send!({ failure: error instanceof Error ? String(error.stack) : String(error) }),
  );
});
process.on('disconnect', () => process.exit());
