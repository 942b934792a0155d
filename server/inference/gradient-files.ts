import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GradientCache } from '../../shared/model/gradient-cache.ts';

const folder = fileURLToPath(new URL('../../.cache/gradients', import.meta.url));
/** Of models that are tried out one after the other, the oldest are forgotten. */
const mostFiles = 32;

/**
 * Compiled gradients as files beside the program. A folder that cannot be written to, as in a container, holds nothing. Several
 * processes may write the same file: each writes its own and moves it into place.
 */
export const gradientFiles: GradientCache = {
  get: (key) => readFile(join(folder, `${key}.gradient`)).catch(() => undefined),
  async put(key, bytes) {
    const own = join(folder, `${key}.${process.pid}.new`);
    try {
      await mkdir(folder, { recursive: true });
      await writeFile(own, bytes);
      await rename(own, join(folder, `${key}.gradient`));
      await forgetOldest();
    } catch {
      await rm(own, { force: true }).catch(() => undefined);
    }
  },
};

async function forgetOldest(): Promise<void> {
  const names = await readdir(folder);
  if (names.length <= mostFiles) return;
  const paths = names.map((name) => join(folder, name));
  const files = await Promise.all(paths.map(async (path) => ({ path, at: (await stat(path)).mtimeMs })));
  const oldest = files.toSorted((a, b) => a.at - b.at).slice(0, files.length - mostFiles);
  for (const { path } of oldest) await rm(path, { force: true });
}
