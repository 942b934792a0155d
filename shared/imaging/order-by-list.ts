/**
 * Puts the files that a list names first, in its order; the others follow as they were.
 * @param inside names relative to the folder of the list; capitals do not count, for media differ in them
 * @returns also the listed names for which there is no file
 */
export function orderByList<Item extends object>(
  items: readonly Item[],
  inside: (item: Item) => string,
  listed: readonly string[],
): { readonly ordered: readonly Item[]; readonly missing: readonly string[] } {
  const plain = (name: string): string => name.toLowerCase();
  const byName = new Map(items.map((item) => [plain(inside(item)), item]));
  const found = listed.flatMap((name) => byName.get(plain(name)) ?? []);
  const first = new Set(found);
  return {
    ordered: [...first, ...items.filter((item) => !first.has(item))],
    missing: listed.filter((name) => !byName.has(plain(name))),
  };
}
