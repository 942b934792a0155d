import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { phantomFile } from '../../shared/imaging/phantom-file.ts';
import { AppError, describeThrown } from '../../shared/kernel/errors.ts';
import { createPool } from '../inference/pool.ts';
import type { InferencePool, ReadReply } from '../inference/pool-api.ts';
import { checkOutputs } from './output-plan.ts';
import { failedAnalysis } from './failed-analysis.ts';
import { fileProblem } from './file-problem.ts';
import { gatherInputs, type Input } from './gather-inputs.ts';
import { outputName, refuseCollisions } from './output-names.ts';
import { startProgress } from './progress.ts';
import { parseReadOptions, type ReadOptions } from './read-options.ts';
import { openCsv, openJson, type Report } from './reports.ts';
import { resultLines } from './result-lines.ts';
import { summarise, type Tally } from './tally.ts';
import type { Terminal } from './terminal.ts';
import { walk } from './walk.ts';

export { readUsage } from './read-options.ts';

export async function readCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  const options = parseReadOptions(args);
  const found = await walk(options.paths);
  const { inputs: gathered, skipped } = await gatherInputs(found);
  const inputs: Input[] = [...gathered];
  if (options.phantom) {
    inputs.push({
      path: 'phantom.png',
      relative: 'phantom.png',
      source: { bytes: phantomFile({ opacity: true }) },
    });
  }
  if (inputs.length === 0) {
    throw new AppError('usage.nothing-to-read', `no image was found; other files: ${skipped}`);
  }
  if (options.overlayDir !== undefined || options.masksDir !== undefined) refuseCollisions(inputs);
  await checkOutputs(inputs, options, [...found.archives, ...found.lists]);

  const pool = createPool({
    size: Math.min(inputs.length, availableParallelism()),
    maxWaiting: Number.POSITIVE_INFINITY,
    ...(options.modelsDir !== undefined && { modelsDir: options.modelsDir }),
  });
  try {
    await pool.ready();
    const tally = await readAll(inputs, options, pool, terminal);
    return summarise(tally, inputs.length, skipped, terminal);
  } finally {
    await pool.close();
  }
}

async function readAll(
  inputs: readonly Input[],
  options: ReadOptions,
  pool: InferencePool,
  terminal: Terminal,
): Promise<Tally> {
  const reports: Report[] = [];
  try {
    if (options.csv !== undefined) reports.push(await openCsv(options.csv));
    if (options.json !== undefined) reports.push(await openJson(options.json));
    return await readInOrder(inputs, options, pool, terminal, reports);
  } finally {
    // Whatever happened, what has been read stands in complete files.
    for (const report of reports) await report.close();
  }
}

async function readInOrder(
  inputs: readonly Input[],
  options: ReadOptions,
  pool: InferencePool,
  terminal: Terminal,
  reports: readonly Report[],
): Promise<Tally> {
  const progress = startProgress(terminal, inputs.length, () => performance.now());
  const tally: Tally = { read: 0, refused: 0, failures: [], warnings: [] };
  for await (const { input, reply, failure } of inOrder(inputs, options, pool)) {
    if (terminal.interrupted.aborted) break;
    const { analysis } = reply;
    await writePictures(input, reply, options);
    for (const report of reports) await report.add(analysis);
    for (const line of resultLines(analysis, terminal.outIsScreen)) progress.line(line);
    progress.advance();
    if (failure !== undefined) tally.failures.push(failure);
    else if (analysis.intake.status === 'refused') tally.refused += 1;
    else {
      tally.read += 1;
      tally.warnings.push(...analysis.intake.reasons);
    }
  }
  progress.finish();
  return tally;
}

interface Outcome {
  readonly input: Input;
  readonly reply: ReadReply;
  /** Set when the program failed on this image; the reply then says so in the form of a refusal. */
  readonly failure?: AppError;
}

async function readOne(
  input: Input,
  { overlayDir, masksDir, explain }: ReadOptions,
  pool: InferencePool,
): Promise<Outcome> {
  const { source, path: file } = input;
  try {
    const reply = await pool.read({
      source,
      file,
      explain,
      wantOverlay: overlayDir !== undefined,
      wantMask: masksDir !== undefined,
    });
    return { input, reply };
  } catch (cause) {
    const failure =
      cause instanceof AppError ? cause : new AppError('server.internal', describeThrown(cause), { cause });
    return { input, reply: { analysis: failedAnalysis(file, failure, new Date()) }, failure };
  }
}

/** Keeps every child busy and yields the outcomes in the order of the inputs. */
async function* inOrder(
  inputs: readonly Input[],
  options: ReadOptions,
  pool: InferencePool,
): AsyncGenerator<Outcome> {
  const ahead: Promise<Outcome>[] = [];
  for (const input of inputs) {
    ahead.push(readOne(input, options, pool));
    if (ahead.length >= pool.size * 4) yield await ahead.shift()!;
  }
  for (const outcome of ahead) yield await outcome;
}

async function writePictures(input: Input, reply: ReadReply, options: ReadOptions): Promise<void> {
  const wanted = [
    ...(reply.overlays ?? []).map(({ name, png }) => ({ folder: options.overlayDir, kind: name, png })),
    { folder: options.masksDir, kind: 'mask', png: reply.maskPng },
  ];
  for (const { folder, kind, png } of wanted) {
    if (folder === undefined || png === undefined) continue;
    const path = join(folder, outputName(input.relative, kind));
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, png);
    } catch (cause) {
      throw fileProblem(path, cause);
    }
  }
}
