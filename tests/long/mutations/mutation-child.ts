import { loadCodecFile } from '../../../server/inference/codec-files.ts';
import { decodeMutant, type MutantOutcome } from '../../fixtures/decode-mutant.ts';
import { mutateFile } from '../../fixtures/mutate-file.ts';
import { seedFiles, seedFilesOf } from './seed-files.ts';

/** Decodes the mutants that it is sent, one after the other, and says what each cost. */

export interface Mutant {
  readonly file: number;
  readonly other: number;
  readonly seed: number;
}

export interface MutantReport extends MutantOutcome {
  /** Processor time, user and system: what the decoding takes, however busy the machine is. */
  readonly cpuMs: number;
  /** How far the most memory this process ever had lies above what it had when it began. */
  readonly peakBytes: number;
}

const [folder] = process.argv.slice(2);
const files = folder === undefined ? seedFiles() : seedFilesOf(folder);
let baseline: number | undefined;

async function report({ file, other, seed }: Mutant): Promise<MutantReport> {
  const mutant = mutateFile(files[file]!.read(), seed, files[other]!.read());
  globalThis.gc?.();
  baseline ??= process.memoryUsage().rss;
  const before = process.cpuUsage();
  const outcome = await decodeMutant(mutant, loadCodecFile);
  const { user, system } = process.cpuUsage(before);
  const peakBytes = process.resourceUsage().maxRSS * 1024 - baseline;
  return { ...outcome, cpuMs: (user + system) / 1000, peakBytes };
}

process.on('disconnect', () => process.exit());
process.on('message', (mutant: Mutant) => {
  void report(mutant).then((answer) => process.send?.(answer));
});
