import type { HeaderRow } from '../../../../shared/imaging/header/header-rows.ts';

export interface HeaderSection {
  readonly title: string;
  readonly rows: readonly HeaderRow[];
}

/** What people open a header for, in the order in which they ask. */
const firstTags = [
  '(0010,0010)', // Patient Name
  '(0010,0020)', // Patient ID
  '(0010,0030)', // Birth Date
  '(0010,0040)', // Sex
  '(0010,1010)', // Age
  '(0008,0020)', // Study Date
  '(0008,0030)', // Study Time
  '(0008,1030)', // Study Description
  '(0008,103E)', // Series Description
  '(0008,0060)', // Modality
  '(0018,0015)', // Body Part Examined
  '(0018,5101)', // View Position
  '(0008,0050)', // Accession Number
  '(0008,0080)', // Institution Name
] as const;

/** PS3.5 7.2: group lengths tell a reader of bytes where to go on, and people nothing. */
function isGroupLength({ tag }: HeaderRow): boolean {
  return tag.endsWith(',0000)');
}

/** The same lines, those that people look for first. What lies in a sequence stays there. */
export function headerSections(rows: readonly HeaderRow[]): readonly HeaderSection[] {
  const blocks: HeaderRow[][] = [];
  for (const row of rows) {
    const block = blocks.at(-1);
    if (row.depth === 0 || block === undefined) blocks.push([row]);
    else block.push(row);
  }
  const places = new Map<string, number>(firstTags.map((tag, index) => [tag, index]));
  const placeOf = ([row]: readonly HeaderRow[]): number | undefined => places.get(row!.tag.toUpperCase());
  const first = blocks
    .filter((block) => placeOf(block) !== undefined)
    .toSorted((a, b) => placeOf(a)! - placeOf(b)!);
  const others = blocks.filter((block) => placeOf(block) === undefined);
  const last = others.filter(([row]) => isGroupLength(row!));
  const rest = others.filter(([row]) => !isGroupLength(row!));
  return withRows([
    { title: 'Patient and study', rows: first.flat() },
    { title: 'Everything else', rows: [...rest, ...last].flat() },
  ]);
}

/** @param most lines altogether */
export function firstLines(sections: readonly HeaderSection[], most: number): readonly HeaderSection[] {
  let left = most;
  return withRows(
    sections.map(({ title, rows }) => {
      const shown = rows.slice(0, left);
      left -= shown.length;
      return { title, rows: shown };
    }),
  );
}

export function lineCount(sections: readonly HeaderSection[]): number {
  return sections.reduce((sum, { rows }) => sum + rows.length, 0);
}

function withRows(sections: readonly HeaderSection[]): readonly HeaderSection[] {
  return sections.filter(({ rows }) => rows.length > 0);
}
