// Which readings of one picture stand. A pure function of the set of reviews, so it is the same in whatever order they came.
//
// A review has seen those that it is based on and whatever those have seen. What was unsettled before its eyes is F, the
// readings standing in what it saw. One of them: it is a revision and supersedes it. Several: an adjudication supersedes them
// all, an ordinary review only those of its own author, and the others stay beside it.

import type { Review } from './tables.ts';

export type Reviews = Readonly<Record<string, Pick<Review, 'actor' | 'adjudicates' | 'basedOn'>>>;

/** Hashes of the readings that stand, sorted: none, one, or several that are discordant until somebody adjudicates. */
export function standingReviews(reviews: Reviews): string[] {
  const seen = createSeen(reviews);
  const settled = createSettled(reviews, seen);
  return standing(Object.keys(reviews), settled).sort();
}

/** Everything in the set that a review based on these has seen, themselves included. */
export function seenFrom(reviews: Reviews, basedOn: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [...basedOn];
  for (let h = open.pop(); h !== undefined; h = open.pop()) {
    const review = Object.hasOwn(reviews, h) ? reviews[h] : undefined;
    if (review === undefined || found.has(h)) continue;
    found.add(h);
    open.push(...review.basedOn);
  }
  return found;
}

type Lookup = (h: string) => ReadonlySet<string>;

function createSeen(reviews: Reviews): Lookup {
  const known = new Map<string, ReadonlySet<string>>();
  return (h) => {
    const found = known.get(h) ?? seenFrom(reviews, reviews[h]!.basedOn);
    known.set(h, found);
    return found;
  };
}

/** What each review supersedes of that which stood before its eyes. */
function createSettled(reviews: Reviews, seen: Lookup): Lookup {
  const known = new Map<string, ReadonlySet<string>>();
  // The fewest seen first: what a review saw is always settled before it.
  for (const h of Object.keys(reviews).sort((a, b) => seen(a).size - seen(b).size)) {
    const { actor, adjudicates } = reviews[h]!;
    const before = standing([...seen(h)], (other) => known.get(other)!);
    const all = adjudicates || before.length <= 1;
    known.set(h, new Set(before.filter((other) => all || reviews[other]!.actor === actor)));
  }
  return (h) => known.get(h)!;
}

/** @param hs with everything that they have seen */
function standing(hs: readonly string[], settled: Lookup): string[] {
  const gone = new Set(hs.flatMap((h) => [...settled(h)]));
  return hs.filter((h) => !gone.has(h));
}
