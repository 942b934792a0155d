import { AppError } from '../../../shared/kernel/errors.ts';
import { append } from '../../../shared/log/device-log.ts';
import { isResultShown, reviewState } from '../../../shared/log/fold/image-state.ts';
import type { DeviceHome } from './device-home.ts';
import { everyRow, findImage } from './find-image.ts';

export interface ReviewOptions {
  /** The first digits of the image's identity. */
  readonly image: string;
  /** `CODE=yes`, `CODE=no` or `CODE=uncertain`. */
  readonly findings: readonly string[];
  readonly note?: string;
  /** Settles readings that stand beside each other. */
  readonly adjudicates: boolean;
}

/** Signs a reading on this device. @returns what the person is told */
export async function review({ file, parts }: DeviceHome, options: ReviewOptions): Promise<string> {
  const findings = options.findings.map(readFinding);
  if (findings.length === 0)
    throw new AppError('usage.invalid', 'name at least one --finding CODE=yes|no|uncertain');
  const { key, row } = await findImage(parts.store, options.image);
  const before = reviewState(row.clear);
  if (options.adjudicates && before.standing.length < 2) {
    throw new AppError('usage.invalid', 'there is nothing to settle: at most one reading stands');
  }
  const results: string[] = [];
  for await (const result of everyRow(parts.store, 'results')) {
    if (!isResultShown(result.row.clear)) continue;
    const images = Object.values(result.row.clear.added).map(({ image }) => image);
    if (images.includes(key)) results.push(result.key);
  }
  const kind = options.adjudicates ? 'review.adjudicated' : 'review.added';
  const body = { findings, note: options.note, results: results.slice(0, 20) };
  const basedOn = before.standing.slice(0, 64);
  const [entry] = await append(parts, [{ kind, entity: key, actor: file.user, basedOn, body }]);
  const after = await parts.store.row('images', key);
  const state = after === undefined ? 'none' : reviewState(after.clear).state;
  return `Signed ${entry!.h.slice(0, 12)} on image ${key.slice(0, 12)}, entry ${entry!.entry.n} of this device; its readings: ${state}.\n`;
}

function readFinding(text: string): { code: string; present: 'yes' | 'no' | 'uncertain' } {
  const [, code, present] = /^([\w.-]{1,64})=(yes|no|uncertain)$/.exec(text) ?? [];
  if (code === undefined || present === undefined) {
    throw new AppError('usage.invalid', `--finding takes CODE=yes, CODE=no or CODE=uncertain, not "${text}"`);
  }
  return { code, present: present as 'yes' | 'no' | 'uncertain' };
}
