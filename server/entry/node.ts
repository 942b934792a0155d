import { AppError, describeThrown, errorEntry } from '../../shared/kernel/errors.ts';
import { readConfig } from '../config.ts';
import { createPool } from '../inference/pool.ts';
import { startHub } from './start-hub.ts';

/** The hub on Node. Exit codes: 1 for a wrong setting or a taken address, 3 when the models cannot be used. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  const { inferenceChildren: size, modelsDir } = config;
  const pool = createPool({
    ...(size === undefined ? {} : { size }),
    ...(modelsDir === undefined ? {} : { modelsDir }),
  });
  const hub = await startHub(config, pool, console.log);
  let stopping: Promise<void> | undefined;
  const stop = (): void => void (stopping ??= hub.stop().then(() => process.exit(0)));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
}

function exitWith(thrown: unknown): never {
  const isModelProblem = thrown instanceof AppError && /^(model|inference)\./.test(thrown.code);
  const title = isModelProblem ? `Fieldray cannot read images here. ${errorEntry(thrown.code).title} ` : '';
  console.error(`${title}${describeThrown(thrown)}`);
  process.exit(isModelProblem ? 3 : 1);
}

await main().catch(exitWith);
