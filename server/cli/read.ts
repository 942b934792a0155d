import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { type Analysis, disclaimer } from '../../shared/api/analysis.ts';
import { phantomFile } from '../../shared/imaging/phantom-file.ts';
import { AppError, describeThrown } from '../../shared/kernel/errors.ts';
import { createPool } from '../inference/pool.ts';
import type { InferencePool, ReadJob, ReadReply } from '../inference/pool-api.ts';
import { exitStatus } from './exit-status.ts';
import { failedAnalysis } from './failed-analysis.ts';
import { outputName, refuseCollisions } from './output-names.ts';
import { startProgress } from './progress.ts';
import { parseReadOptions, type ReadOptions } from './read-options.ts';
import { openCsv, openJson, type Report } from './reports.ts';
import { resultLines, warningLegend } from './result-lines.ts';
import type { Terminal } from './terminal.ts';
import { type FoundFile, walk } from './walk.ts';

export { readUsage } from './read-options.ts';

interface Input extends FoundFile {
  readonly source: ReadJob['source'];
}

export async function readCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  const options = parseReadOptions(args);
  const { files, skipped } = await walk(options.paths);
  const inputs: Input[] = files.map((file) => ({ ...file, source: { path: file.path } }));
  if (options.phantom) {
    inputs.push({
      path: 'phantom.png',
      relative: 'phantom.png',
      source: { bytes: phantomFile({ opacity: true }) },
    });
  }
  if (inputs.length === 0) {
    throw new AppError('usage.nothing-to-read', `${skipped} files were found, none of them an image`);
  }
  if (options.overlayDir !== undefined || options.masksDir !== undefined) refuseCollisions(inputs);

  const pool = createPool({
    size: Math.min(inputs.length, availableParallelism()),
    maxWaiting: Number.POSITIVE_INFINITY,
    ...(options.modelsDir !== undefined && { modelsDir: options.modelsDir }),
  });
  try {
    await pool.ready();
    return await readAll(inputs, skipped, options, pool, terminal);
  } finally {
    await pool.close();
  }
}

async function readAll(
  inputs: readonly Input[],
  skipped: number,
  options: ReadOptions,
  pool: InferencePool,
  terminal: Terminal,
): Promise<number> {
  const reports: Report[] = [];
  if (options.csv !== undefined) reports.push(await openCsv(options.csv));
  if (options.json !== undefined) reports.push(await openJson(options.json));
  const progress = startProgress(terminal, inputs.length, () => performance.now());
  const warnings: Analysis['intake']['reasons'] = [];
  let refused = 0;
  const failures: AppError[] = [];

  for await (const { input, reply, failure } of inOrder(inputs, options, pool)) {
    const { analysis } = reply;
    if (failure !== undefined) failures.push(failure);
    else if (analysis.intake.status === 'refused') refused += 1;
    else warnings.push(...analysis.intake.reasons);
    await writePictures(input, reply, options);
    for (const report of reports) await report.add(analysis);
    for (const line of resultLines(analysis, terminal.outIsScreen)) progress.line(line);
    progress.advance();
  }
  progress.finish();
  for (const report of reports) await report.close();

  const read = inputs.length - refused - failures.length;
  const counts = [`${read} read`, `${refused} refused`];
  if (failures.length > 0) counts.push(`${failures.length} failed`);
  if (skipped > 0) counts.push(`${skipped} other files skipped`);
  terminal.out(`\n${counts.join(', ')}\n`);
  for (const line of warningLegend(warnings)) terminal.out(`${line}\n`);
  terminal.out(`${disclaimer}\n`);
  if (failures.some(({ code }) => code === 'model.check-failed')) return exitStatus.modelFailed;
  if (failures.length > 0) return exitStatus.failed;
  return refused > 0 ? exitStatus.someRefused : exitStatus.ok;
}

interface Outcome {
  readonly input: Input;
  readonly reply: ReadReply;
  /** Set when the program failed on this image; the reply then says so in the form of a refusal. */
  readonly failure?: AppError;
}

async function readOne(
  input: Input,
  { overlayDir, masksDir }: ReadOptions,
  pool: InferencePool,
): Promise<Outcome> {
  const { source, path: file } = input;
  try {
    const job = { source, file, wantOverlay: overlayDir !== undefined, wantMask: masksDir !== undefined };
    return { input, reply: await pool.read(job) };
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
    { folder: options.overlayDir, kind: 'overlay', png: reply.overlayPng },
    { folder: options.masksDir, kind: 'mask', png: reply.maskPng },
  ] as const;
  for (const { folder, kind, png } of wanted) {
    if (folder === undefined || png === undefined) continue;
    const path = join(folder, outputName(input.relative, kind));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, png);
  }
}
