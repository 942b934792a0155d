import { existsSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { stringify } from 'csv-stringify/sync';
import { describeThrown } from '../../../shared/kernel/errors.ts';
import { type MutationReader, startMutationReader } from '../../long/mutations/mutation-reader.ts';
import { seedFilesOf } from '../../long/mutations/seed-files.ts';

/**
 * `npm run conformance:fuzz -- FOLDER [--mutants N] [--dump FILE.csv]`: the files of a folder, each mutated N times (10 unless told),
 * against the decoder in a process of its own. A case is a file; it fails at a death, at more than two seconds, at more than 256 MB
 * beyond the picture, at anything thrown that is no typed refusal, or at a picture that cannot be one.
 */

const usage = 'Usage: npm run conformance:fuzz -- FOLDER [--mutants N] [--dump FILE.csv]';
const slowMs = 2000;
const mostBytes = 256 * 1024 * 1024;

interface Row {
  readonly path: string;
  readonly seed: number;
  readonly outcome: string;
  readonly ms: number;
  readonly extraBytes: number;
  readonly problem: string;
}

async function tryMutant(
  reader: MutationReader,
  path: string,
  file: number,
  other: number,
  seed: number,
): Promise<Row> {
  try {
    const report = await reader.report({ file, other, seed });
    // On a busy machine the clock counts what others do; a decoder waits for nothing.
    const ms = Math.min(report.ms, report.cpuMs);
    const extraBytes = report.peakBytes - report.outputBytes;
    const tooSlow = ms > slowMs ? `took ${Math.round(ms)} ms` : '';
    const tooMuch = extraBytes > mostBytes ? `took ${extraBytes} bytes beyond its picture` : '';
    // The peak of a process stays: the next file must not be charged with it.
    if (tooMuch !== '') reader.close();
    const problem = report.problem ?? (tooSlow || tooMuch);
    return { path, seed, outcome: report.outcome, ms: Math.round(ms), extraBytes, problem };
  } catch (thrown) {
    return { path, seed, outcome: 'death', ms: 0, extraBytes: 0, problem: describeThrown(thrown) };
  }
}

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { mutants: { type: 'string', default: '10' }, dump: { type: 'string' } },
  });
  const [folder, ...rest] = positionals;
  const mutants = Number(values.mutants);
  if (folder === undefined || rest.length > 0 || !existsSync(folder) || !(mutants >= 1)) {
    console.error(usage);
    console.log('0 passed, 0 failed');
    return 1;
  }
  const files = seedFilesOf(folder);
  const reader = startMutationReader(folder);
  const rows: Row[] = [];
  let failed = 0;
  for (const [index, { name }] of files.entries()) {
    const path = relative(folder, name);
    const own: Row[] = [];
    for (let mutant = 0; mutant < mutants; mutant += 1) {
      const other = (index * 7 + mutant) % files.length;
      own.push(await tryMutant(reader, path, index, other, index * mutants + mutant + 1));
    }
    const problems = own.filter(({ problem }) => problem !== '');
    const pictures = own.filter(({ outcome }) => outcome === 'picture').length;
    const slowest = Math.max(...own.map(({ ms }) => ms));
    if (problems.length > 0) failed += 1;
    console.log(
      `${problems.length > 0 ? 'FAILED' : 'passed'}  ${path}  ${pictures} read, ${mutants - pictures} refused, slowest ${slowest} ms` +
        problems.map(({ seed, problem }) => `\n  seed ${seed}: ${problem}`).join(''),
    );
    rows.push(...own);
  }
  reader.close();
  if (values.dump !== undefined) writeFileSync(values.dump, stringify(rows, { header: true }));
  console.log(`${files.length - failed} passed, ${failed} failed`);
  return files.length > 0 && failed === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
