import type { Json } from '../../kernel/canonical-json.ts';
import type { Contribution, Row } from './tables.ts';

type Settings = Readonly<Record<string, Contribution>>;

/** The last one by (hub's time, hash) wins; one that the hub has not placed yet is later than all that it has. */
export function preferenceWinner(set: Settings): string | undefined {
  return byTime(set).at(-1);
}

/** Of those that the hub has placed, so many stay behind the winner: one of them wins when an administrator holds that one back. */
export const keptPreferences = 16;

/** What no later entry can bring back, as long as administrators do not hold back all that are kept. */
export function outdatedPreferences(set: Settings): string[] {
  const placed = byTime(set).filter((h) => set[h]!.effTs !== null);
  return placed.slice(0, -keptPreferences);
}

function byTime(set: Settings): string[] {
  return Object.keys(set).sort((a, b) => compare(set[a]!, set[b]!) || (a < b ? -1 : 1));
}

function compare(a: Contribution, b: Contribution): number {
  if (a.effTs !== null && b.effTs !== null) return a.effTs - b.effTs;
  if (a.effTs === null && b.effTs === null) return a.ts[0] - b.ts[0] || a.ts[1] - b.ts[1];
  return a.effTs === null ? 1 : -1;
}

/** Undefined while the value is not here, or was erased: erasing takes back what was said, not that it was said last. */
export function preferenceValue({ clear, personal }: Row<'preferences'>): Json | undefined {
  const winner = preferenceWinner(clear.set);
  const said = winner === undefined ? undefined : personal[winner];
  return said === undefined ? undefined : (said as { readonly value: Json }).value;
}
