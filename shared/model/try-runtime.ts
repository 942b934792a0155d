import { describeThrown } from '../kernel/errors.ts';
import { goldenField } from './golden.ts';
import { checkReference, type ReferenceCheckPassed } from './reference-check.ts';
import type { ModelSession, StartSession } from './session.ts';
import type { VerifiedModel } from './verify-model.ts';

/** A runtime that repeated the model's reference values, or why it is not used. */
export type RuntimeTrial =
  | { readonly session: ModelSession; readonly check: ReferenceCheckPassed }
  | { readonly rejected: string };

/** Starts the model on one runtime and checks it. Never throws; a session that failed has been released. */
export async function tryRuntime(
  { manifest, golden, onnx }: VerifiedModel,
  start: StartSession,
): Promise<RuntimeTrial> {
  let session: ModelSession;
  try {
    session = await start({
      bytes: onnx,
      inputNames: [manifest.input.name],
      outputNames: Object.values(manifest.outputs),
    });
  } catch (cause) {
    return { rejected: describeThrown(cause) };
  }
  const check = await checkReference(session, manifest.input.shape, golden);
  if (check.passed) return { session, check };
  // What cannot be released is lost; the next runtime must have its turn all the same.
  await session.release().catch(() => undefined);
  return { rejected: `${session.runtime.name} (${session.runtime.backend}): ${check.reason}` };
}

const timedRuns = 5;
/** A runtime that is so slow is known well enough. */
const enoughMs = 1_000;

/**
 * Median milliseconds of one run on a reference input, over five runs or a second. The session must have run before: the
 * first runs compile and grow.
 * @throws AppError as `ModelSession.run`
 */
export async function timeRun(
  session: ModelSession,
  { manifest, golden }: VerifiedModel,
  now: () => number,
): Promise<number> {
  const [, , rows, columns] = manifest.input.shape;
  const times: number[] = [];
  const begin = now();
  for (let run = 0; run < timedRuns && (run === 0 || now() - begin < enoughMs); run += 1) {
    const { seed, gain } = golden.cases[run % golden.cases.length]!.input;
    const input = goldenField(seed, rows, columns, gain);
    const started = now();
    await session.run(input);
    times.push(now() - started);
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)]!;
}
