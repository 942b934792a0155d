import type { Contribution, ImageRow, ResultRow, Tombstone } from './tables.ts';
import { type Reviews, seenFrom, standingReviews } from './review-graph.ts';

export interface ReviewState {
  /** `read`: one reading stands. `discordant`: several that did not settle one another. */
  readonly state: 'none' | 'read' | 'discordant' | 'adjudicated';
  /** Hashes of the readings that stand; a new review or adjudication is based on all of them. */
  readonly standing: readonly string[];
}

export function reviewState({ reviews }: ImageRow): ReviewState {
  const standing = standingReviews(reviews);
  if (standing.length === 0) return { state: 'none', standing };
  if (standing.length > 1) return { state: 'discordant', standing };
  return { state: reviews[standing[0]!]!.adjudicates ? 'adjudicated' : 'read', standing };
}

/**
 * Whether the image is to be seen. It was taken away when tombstones cover everything that was added and read; an addition
 * or a reading that no tombstone had seen keeps it, or brings it back.
 */
export function isImageShown({ added, reviews, tombstones }: ImageRow): boolean {
  return isShown([...Object.keys(added), ...Object.keys(reviews)], tombstones, reviews);
}

export function isResultShown({ added, tombstones }: ResultRow): boolean {
  return isShown(Object.keys(added), tombstones, {});
}

/** What a new tombstone is based on: everything of the row that lies open before the person. */
export function tombstoneBase({ added, reviews }: ImageRow): string[] {
  return [...firstOf(added, 32), ...standingReviews(reviews)].slice(0, 64);
}

/** Additions whose place no other one has taken: what they say of the patient counts. The latest first. */
export function standingAdditions(added: ImageRow['added']): string[] {
  const replaced = new Set(Object.values(added).flatMap(({ basedOn = [] }) => basedOn));
  const at = (h: string): number => added[h]!.effTs ?? added[h]!.ts[0];
  return Object.keys(added)
    .filter((h) => !replaced.has(h))
    .sort((a, b) => at(b) - at(a) || (a < b ? -1 : 1));
}

/**
 * Of several contributions that say the same, the one to be shown: with a body before those without, then the earliest.
 */
export function firstOf(added: Readonly<Record<string, Contribution>>, most = 1): string[] {
  const late = Number.MAX_SAFE_INTEGER;
  const rank = (h: string): number => (added[h]!.body === 'present' ? 0 : 1);
  return Object.keys(added)
    .sort(
      (a, b) =>
        rank(a) - rank(b) || (added[a]!.effTs ?? late) - (added[b]!.effTs ?? late) || (a < b ? -1 : 1),
    )
    .slice(0, most);
}

function isShown(
  hs: readonly string[],
  tombstones: Readonly<Record<string, Tombstone>>,
  reviews: Reviews,
): boolean {
  const covered = new Set<string>();
  for (const { basedOn } of Object.values(tombstones)) {
    for (const h of basedOn) covered.add(h);
    for (const h of seenFrom(reviews, basedOn)) covered.add(h);
  }
  return hs.some((h) => !covered.has(h));
}
