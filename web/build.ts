import { createHash } from 'node:crypto';
import { globSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** Builds the page into dist/web. With `--if-stale` only when something that goes into it has changed. */

const root = fileURLToPath(new URL('..', import.meta.url));
const stampPath = join(root, 'dist/web.stamp');
const sources = ['web/**/*', 'shared/**/*.ts', 'vite.config.ts', 'package-lock.json'];

/** Over names and contents; the paths are relative, so that a moved checkout stays built. */
async function hashOfSources(): Promise<string> {
  const hash = createHash('sha256');
  const files = globSync(sources, { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
  for (const path of files.toSorted()) hash.update(`${path}\0`).update(await readFile(join(root, path)));
  return hash.digest('hex');
}

async function builtHash(): Promise<string | undefined> {
  try {
    await readFile(join(root, 'dist/web/index.html'));
    return await readFile(stampPath, 'utf8');
  } catch {
    return undefined;
  }
}

const hash = await hashOfSources();
if (!process.argv.includes('--if-stale') || hash !== (await builtHash())) {
  console.log('Building the page…');
  // First, so that a build that is cut off counts as none.
  await rm(stampPath, { force: true });
  // The codecs' branches for Node are left out with a warning each; nothing below an error concerns the person who starts the hub.
  await build({ configFile: join(root, 'vite.config.ts'), root: join(root, 'web'), logLevel: 'error' });
  await writeFile(stampPath, hash);
  console.log('The page is in dist/web.');
}
