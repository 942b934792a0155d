import type { Json } from '../../kernel/canonical-json.ts';
import type { Contribution, Row } from './tables.ts';

/** The last one by (hub's time, hash) wins; one that the hub has not placed yet is later than all that it has. */
export function preferenceWinner(set: Readonly<Record<string, Contribution>>): string | undefined {
  return Object.keys(set)
    .sort((a, b) => compare(set[a]!, set[b]!) || (a < b ? -1 : 1))
    .at(-1);
}

function compare(a: Contribution, b: Contribution): number {
  if (a.effTs !== null && b.effTs !== null) return a.effTs - b.effTs;
  if (a.effTs === null && b.effTs === null) return a.ts[0] - b.ts[0] || a.ts[1] - b.ts[1];
  return a.effTs === null ? 1 : -1;
}

/** Undefined while the value is not here, or was erased. */
export function preferenceValue({ clear, personal }: Row<'preferences'>): Json | undefined {
  const winner = preferenceWinner(clear.set);
  const said = winner === undefined ? undefined : personal[winner];
  return said === undefined ? undefined : (said as { readonly value: Json }).value;
}
