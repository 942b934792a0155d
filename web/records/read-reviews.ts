import type { DeviceStore } from '../../shared/log/device-store.ts';
import { reviewState } from '../../shared/log/fold/image-state.ts';
import type { Contribution, ResultRow, Row } from '../../shared/log/fold/tables.ts';
import type { HistoryLine, ReadingReviews } from '../engine/desk-api.ts';

/** Who asks, and where. */
export interface Asking {
  readonly person: string;
  readonly device: string;
}

const momentOf = ({ effTs, ts }: Contribution): number => effTs ?? ts[0];
/** Within one millisecond the counter of the hybrid clock decides. */
const newestFirst = (
  [, a]: readonly [string, Contribution],
  [, b]: readonly [string, Contribution],
): number => momentOf(b) - momentOf(a) || b.ts[1] - a.ts[1];

export function readReviews({ clear, personal }: Row<'images'>, { person }: Asking): ReadingReviews {
  const { state, standing } = reviewState(clear);
  const newest = Object.entries(clear.reviews).toSorted(newestFirst);
  const signed = newest.map(([h, review]) => {
    const { note } = (personal[h] ?? {}) as { readonly note?: string };
    return {
      h,
      mine: review.actor === person,
      actor: review.actor,
      at: momentOf(review),
      adjudicates: review.adjudicates,
      stands: standing.includes(h),
      placed: review.effTs !== null,
      findings: review.findings,
      ...(note !== undefined && { note }),
    };
  });
  return { state, signed };
}

/** @param results those about the image */
export function historyOf(
  { clear }: Row<'images'>,
  results: readonly ResultRow[],
  { person, device }: Asking,
): readonly HistoryLine[] {
  const happened: (readonly [string, Contribution, HistoryLine['kind']])[] = [
    ...Object.entries(clear.added).map(
      ([h, said]) => [h, said, said.basedOn === undefined ? 'added' : 'named'] as const,
    ),
    ...results.flatMap(({ added }) => Object.entries(added).map(([h, said]) => [h, said, 'read'] as const)),
    ...Object.entries(clear.reviews).map(
      ([h, said]) => [h, said, said.adjudicates ? 'settled' : 'signed'] as const,
    ),
    ...Object.entries(clear.tombstones).map(([h, said]) => [h, said, 'deleted'] as const),
  ];
  return happened
    .toSorted(([h, a], [other, b]) => newestFirst([h, a], [other, b]))
    .map(([h, said, kind]) => ({
      h,
      kind,
      mine: said.actor === person,
      actor: said.actor,
      here: said.device === device,
      at: momentOf(said),
      placed: said.effTs !== null,
    }));
}

/** Every result of the log about an image, by its key. */
export async function resultsAbout(
  keys: readonly string[],
  store: Pick<DeviceStore, 'row'>,
): Promise<readonly { readonly key: string; readonly row: Row<'results'> }[]> {
  const rows = await Promise.all(keys.map(async (key) => ({ key, row: await store.row('results', key) })));
  return rows.flatMap(({ key, row }) => (row === undefined ? [] : [{ key, row }]));
}
