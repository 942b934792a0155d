import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import type { Analysis } from '../../shared/api/analysis.ts';
import { csvColumns, csvRows } from './csv-rows.ts';
import { fileProblem } from './file-problem.ts';

/** A file that grows by one analysis at a time: what was read before the program was stopped is in it. */
export interface Report {
  add(analysis: Analysis): Promise<void>;
  close(): Promise<void>;
}

/** Opened before the first image is read, so that a path that cannot be written is found at once. */
async function openForWriting(path: string) {
  try {
    await mkdir(dirname(path), { recursive: true });
    return await open(path, 'w');
  } catch (cause) {
    throw fileProblem(path, cause);
  }
}

/** RFC 4180 with a header line. */
export async function openCsv(path: string): Promise<Report> {
  const file = await openForWriting(path);
  const line = (cells: readonly string[]): string => stringify([cells]);
  await file.write(line(csvColumns));
  return {
    async add(analysis) {
      const rows = csvRows(analysis).map((row) => line(csvColumns.map((column) => row[column])));
      await file.write(rows.join(''));
    },
    close: () => file.close(),
  };
}

/** An array of analyses, one on a line. */
export async function openJson(path: string): Promise<Report> {
  const file = await openForWriting(path);
  await file.write('[');
  let separator = '\n';
  return {
    async add(analysis) {
      await file.write(separator + JSON.stringify(analysis));
      separator = ',\n';
    },
    async close() {
      await file.write('\n]\n');
      await file.close();
    },
  };
}
