import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One row of `expectations.csv`: what an independent decoder reads in a file (../shared/conformance/README.md). */
export interface Expectation {
  readonly path: string;
  readonly expect: string;
  readonly samples: number;
  readonly bitsStored: number;
  readonly shape: string;
  readonly dtype: string;
  readonly mean: number;
  /** Empty where decoders may differ. */
  readonly sha256: string;
}

/** Throws where the file is missing, empty, or lacks a column that the comparison needs. */
export function readExpectations(folder: string): readonly Expectation[] {
  const [header = [], ...rows] = parseCsv(readFileSync(join(folder, 'expectations.csv'), 'utf8'));
  for (const column of ['path', 'expect', 'shape', 'sha256', 'mean', 'bits_stored'])
    if (!header.includes(column)) throw new Error(`expectations.csv has no column ${column}`);
  return rows.map((cells) => {
    const cell = (name: string): string => cells[header.indexOf(name)] ?? '';
    return {
      path: cell('path'),
      expect: cell('expect'),
      samples: Number(cell('samples') || 1),
      bitsStored: Number(cell('bits_stored')),
      shape: cell('shape'),
      dtype: cell('dtype'),
      mean: Number(cell('mean')),
      sha256: cell('sha256'),
    };
  });
}

/** RFC 4180: a cell may be quoted, a quote in it is doubled. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let cells: string[] = [];
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n"]*))(,|\r?\n|$)/g)) {
    cells.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    if (cells.length > 1 || cells[0] !== '') rows.push(cells);
    cells = [];
  }
  return rows;
}
