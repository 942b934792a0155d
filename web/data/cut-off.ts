interface Linked {
  readonly h: string;
  readonly device: string;
  readonly n: number;
  readonly entry: { readonly prev: string | null };
}

/**
 * Of entries that are to be sent, those behind one that is gone: no hub takes them without it. The first of a chain stands on
 * what the hub has.
 */
export function cutOff(queued: readonly Linked[]): ReadonlySet<string> {
  const held = new Set(queued.map(({ h }) => h));
  const cut = new Set<string>();
  const begun = new Set<string>();
  for (const { h, device, entry } of queued.toSorted((a, b) => a.n - b.n)) {
    const { prev } = entry;
    const isBehind = prev !== null && (cut.has(prev) || (begun.has(device) && !held.has(prev)));
    if (isBehind) cut.add(h);
    begun.add(device);
  }
  return cut;
}
