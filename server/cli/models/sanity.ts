import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ExplainMethod, explainMethods } from '../../../shared/api/explanation.ts';
import { phantomFile } from '../../../shared/imaging/phantom-file.ts';
import { AppError } from '../../../shared/kernel/errors.ts';
import { methodNames } from '../../../shared/inference/explanation-words.ts';
import { bundledModelsDir } from '../../inference/model-files.ts';
import { exitStatus } from '../exit-status.ts';
import { startProgress } from '../progress.ts';
import type { Terminal } from '../terminal.ts';
import { walk } from '../walk.ts';
import { type MapTrial, openMapTrials } from './map-trials.ts';
import { parseSanityOptions } from './sanity-options.ts';

export { sanityUsage } from './sanity-options.ts';

/** A map of another network that is as like as this has not shown what was learnt. */
const mostSimilar = 0.5;

interface MethodReport {
  readonly method: ExplainMethod;
  readonly similarity: number;
  readonly images: number;
  readonly passed: boolean;
  readonly betterThanRandom: number;
  readonly insideLungs: number;
  readonly lungsInBox: number;
  readonly gap: number | undefined;
}

export async function sanityCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  const options = parseSanityOptions(args);
  const modelsDir = options.modelsDir ?? bundledModelsDir;
  const pictures = await picturesFrom(options.paths, options.images);
  const maps = await openMapTrials(modelsDir);
  const { manifest } = maps;
  const progress = startProgress(terminal, pictures.length, () => performance.now());
  const trials: MapTrial[] = [];
  let read = 0;
  for (const picture of pictures) {
    if (terminal.interrupted.aborted)
      throw new AppError('usage.interrupted', `${read} pictures were looked at`);
    const found = await maps.tryMaps(await picture());
    if (found.length > 0) read += 1;
    trials.push(...found);
    progress.advance();
  }
  progress.finish();
  if (read === 0) throw new AppError('usage.nothing-to-read', 'none of the pictures could be read');
  const reports = explainMethods.map((method) => reportOf(method, trials));
  const source = options.paths.length === 0 ? 'phantoms' : options.paths.join(', ');
  terminal.out(`\nMaps of ${manifest.name} ${manifest.version} on ${read} pictures (${source}); medians\n\n`);
  for (const line of tableOf(reports)) terminal.out(`${line}\n`);
  if (options.write)
    await writeChecks(join(modelsDir, manifest.name, 'manifest.json'), manifest.sha256, reports);
  return exitStatus.ok;
}

/** Each is opened when its turn comes. */
async function picturesFrom(paths: readonly string[], count: number): Promise<(() => Promise<Uint8Array>)[]> {
  if (paths.length === 0) {
    return Array.from(
      { length: count },
      (_, seed) => async () => phantomFile({ seed, opacity: seed % 2 === 0 }),
    );
  }
  const { files } = await walk(paths);
  const every = Math.max(1, files.length / count);
  const taken = files.filter((_, index) => Math.floor(index / every) !== Math.floor((index - 1) / every));
  return taken.map(
    ({ path }) =>
      async () =>
        new Uint8Array(await readFile(path)),
  );
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}

function reportOf(method: ExplainMethod, all: readonly MapTrial[]): MethodReport {
  const trials = all.filter((trial) => trial.method === method);
  const similarities = trials.flatMap((trial) => trial.similarities);
  if (similarities.length < trials.length) {
    throw new AppError('model.bad-output', `too few of the shuffled networks have a map (${method})`);
  }
  const similarity = median(similarities);
  const gaps = trials.flatMap(({ gapAt64Steps }) => gapAt64Steps ?? []);
  return {
    method,
    similarity,
    images: trials.length,
    passed: similarity < mostSimilar,
    betterThanRandom: trials.filter((trial) => trial.betterThanRandom).length / trials.length,
    insideLungs: median(trials.map((trial) => trial.insideLungs)),
    lungsInBox: median(trials.map((trial) => trial.lungsInBox)),
    gap: gaps.length === 0 ? undefined : median(gaps),
  };
}

function tableOf(reports: readonly MethodReport[]): string[] {
  const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
  const rows = reports.map((report) => [
    methodNames[report.method],
    `${report.similarity.toFixed(2)} ${report.passed ? 'passed' : 'FAILED'}`,
    percent(report.betterThanRandom),
    `${percent(report.insideLungs)} of ${percent(report.lungsInBox)}`,
    report.gap === undefined ? '' : `${(report.gap * 100).toFixed(2)} %`,
  ]);
  const head = ['', 'shuffled weights', 'beats random', 'in lungs, area', 'gap, 64 steps'];
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]!.length)));
  return [head, ...rows].map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
      .join('  '),
  );
}

/** Puts the checks into the manifest's text, which keeps its form otherwise. */
async function writeChecks(
  path: string,
  modelSha256: string,
  reports: readonly MethodReport[],
): Promise<void> {
  const rounded = (value: number): number => Math.round(value * 1e4) / 1e4;
  const checks = reports.map(({ method, similarity, images, passed, betterThanRandom, gap }) => {
    const check = {
      method,
      similarity: rounded(similarity),
      images,
      passed,
      betterThanRandom: rounded(betterThanRandom),
      ...(gap !== undefined && { completenessGap: rounded(gap) }),
      modelSha256,
    };
    return `    ${JSON.stringify(check)}`;
  });
  const block = `  "explanationChecks": [\n${checks.join(',\n')}\n  ],\n`;
  const text = await readFile(path, 'utf8');
  const without = text.replace(/ {2}"explanationChecks": \[\n(?: {4}.*\n)*? {2}\],\n/, '');
  await writeFile(
    path,
    without.replace(/( {2}"trainingData": )/, (before) => `${block}${before}`),
  );
}
