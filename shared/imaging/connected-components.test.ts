import { expect, it } from 'vitest';
import { keepLargeComponents } from './connected-components.ts';

const mask = (...rows: string[]): { cells: Uint8Array; width: number } => ({
  cells: Uint8Array.from(rows.join(''), (character) => (character === '#' ? 1 : 0)),
  width: rows[0]!.length,
});

const drawn = (cells: Uint8Array, width: number): string[] =>
  Array.from({ length: cells.length / width }, (_, y) =>
    Array.from(cells.subarray(y * width, (y + 1) * width), (cell) => (cell === 1 ? '#' : '.')).join(''),
  );

it('drops parts that are small beside the largest', () => {
  const { cells, width } = mask('####...', '####..#', '....##.', '###....');
  expect(drawn(keepLargeComponents(cells, width, 0.3).mask, width)).toEqual(
    ['####...', '####...', '....##.', '###....'].with(2, '.......'),
  );
});

it('counts the parts that it keeps, the largest first', () => {
  const { cells, width } = mask('#..##', '#..##', '....#');
  expect(keepLargeComponents(cells, width, 0.1).areas).toEqual([5, 2]);
});

it('does not connect across corners or the ends of lines', () => {
  const { cells, width } = mask('##..', '..##', '#..#');
  expect(drawn(keepLargeComponents(cells, width, 0.5).mask, width)).toEqual(['##..', '..##', '...#']);
});

it('leaves an empty mask empty', () => {
  expect(keepLargeComponents(new Uint8Array(12), 4, 0.1)).toEqual({ mask: new Uint8Array(12), areas: [] });
});
