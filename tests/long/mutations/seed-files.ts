import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { everySyntax } from '../../fixtures/every-syntax.ts';

export interface SeedFile {
  readonly name: string;
  read(): Uint8Array;
}

/** A larger one would take the campaign's time for little else than its pixels. */
const maxBytes = 1_200_000;
const handbook = '../shared/data';

/** What is mutated: a picture in every syntax, and the handbook's files where they are. The order never changes. */
export function seedFiles(): readonly SeedFile[] {
  const generated = everySyntax.map(([name, bytes]) => ({ name, read: () => bytes }));
  const patterns = [`${handbook}/dicom/**/*`, `${handbook}/dicom-derived/*`, `${handbook}/samples/*/*/*`];
  return [...generated, ...(existsSync(handbook) ? filesOf(patterns) : [])];
}

/** The files of a folder, as `seedFiles` takes those of the handbook. */
export function seedFilesOf(folder: string): readonly SeedFile[] {
  return filesOf([`${folder}/**/*`]);
}

function filesOf(patterns: readonly string[]): SeedFile[] {
  return globSync(patterns)
    .filter((path) => !path.endsWith('.csv') && statSync(path).isFile())
    .filter((path) => statSync(path).size > 0 && statSync(path).size <= maxBytes)
    .toSorted()
    .map((path) => ({ name: path, read: () => new Uint8Array(readFileSync(path)) }));
}
