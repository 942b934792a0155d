import { AppError } from '../../shared/kernel/errors.ts';
import type { FoundFile } from './walk.ts';

/** `a/b.dcm` → `a/b.mask.png`; any other name keeps its ending: `a/b` → `a/b.mask.png`, `a/b.ima` → `a/b.ima.mask.png`. */
export function outputName(relative: string, kind: string): string {
  return `${relative.replace(/\.(dcm|jpe?g|png)$/i, '')}.${kind}.png`;
}

/** @throws AppError `usage.name-collision` before anything is read, naming the two inputs */
export function refuseCollisions(files: readonly FoundFile[]): void {
  const seen = new Map<string, string>();
  for (const { path, relative } of files) {
    // Windows and macOS take A.png and a.png for the same name, and results travel between machines.
    const name = outputName(relative, 'mask').normalize('NFC').toLowerCase();
    const other = seen.get(name);
    if (other !== undefined) {
      throw new AppError(
        'usage.name-collision',
        `${other} and ${path} would both become ${outputName(relative, 'mask')}`,
      );
    }
    seen.set(name, path);
  }
}
