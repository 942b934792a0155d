import { type Analysis, disclaimer } from '../../shared/api/analysis.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import { exitStatus } from './exit-status.ts';
import { warningLegend } from './result-lines.ts';
import type { Terminal } from './terminal.ts';

/** What became of the images so far. */
export interface Tally {
  read: number;
  refused: number;
  readonly failures: AppError[];
  readonly warnings: Analysis['intake']['reasons'];
}

/**
 * Prints the counts and what the warnings mean.
 * @returns the exit status
 * @throws AppError `usage.interrupted` when images are missing
 */
export function summarise(tally: Tally, total: number, skipped: number, terminal: Terminal): number {
  const { read, refused, failures, warnings } = tally;
  const counts = [`${read} read`, `${refused} refused`];
  if (failures.length > 0) counts.push(`${failures.length} failed`);
  if (skipped > 0) counts.push(`${skipped} other ${skipped === 1 ? 'file' : 'files'} skipped`);
  terminal.out(`\n${counts.join(', ')}\n`);
  for (const line of warningLegend(warnings)) terminal.out(`${line}\n`);
  terminal.out(`${disclaimer}\n`);
  const missing = total - read - refused - failures.length;
  if (missing > 0) throw new AppError('usage.interrupted', `${missing} of ${total} images were not read`);
  if (failures.some(({ code }) => code === 'model.check-failed')) return exitStatus.modelFailed;
  if (failures.length > 0) return exitStatus.failed;
  return refused > 0 ? exitStatus.someRefused : exitStatus.ok;
}
