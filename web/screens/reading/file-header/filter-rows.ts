import type { HeaderRow } from '../../../../shared/imaging/header/header-rows.ts';

/**
 * The rows that hold every word of the search in name, tag or value; the sequences and items around a found row stay, so
 * that one sees where it belongs.
 */
export function filterRows(
  rows: readonly HeaderRow[],
  search: string,
  onlyPersonal: boolean,
): readonly HeaderRow[] {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0 && !onlyPersonal) return rows;
  const isFound = ({ name, tag, value, personal }: HeaderRow): boolean => {
    const text = `${name} ${tag} ${tag.replaceAll(/[(),]/g, '')} ${value}`.toLowerCase();
    return (personal || !onlyPersonal) && words.every((word) => text.includes(word));
  };
  const kept: HeaderRow[] = [];
  let depthWanted = 0;
  for (const row of rows.toReversed()) {
    if (isFound(row)) depthWanted = row.depth;
    else if (row.depth < depthWanted) depthWanted = row.depth;
    else continue;
    kept.push(row);
  }
  return kept.toReversed();
}
