import { createHash } from 'node:crypto';
import { globSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildInto } from './build-into.ts';
import { verifyPage } from './build-verify-page.ts';
import { precompress } from './precompress.ts';

/** Builds the page into dist/web. With `--if-stale` only when something that goes into it has changed. */

const root = fileURLToPath(new URL('../..', import.meta.url));
const pageDir = join(root, 'dist/web');
const stampPath = join(root, 'dist/web.stamp');
const sources = ['web/**/*', 'shared/**/*.ts', 'vite.config.ts', 'package.json', 'package-lock.json'];
const modelSources = '*/{manifest.json,golden.json,*.onnx}';
const modelsDir = resolve(process.env['MODELS_DIR'] ?? join(root, 'models'));

/** Over names and contents; the paths are relative, so that a moved checkout stays built. */
async function hashOfSources(): Promise<string> {
  const hash = createHash('sha256');
  const entries = [
    ...globSync(sources, { cwd: root, withFileTypes: true }),
    ...globSync(modelSources, { cwd: modelsDir, withFileTypes: true }),
  ];
  const files = entries
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
  for (const path of files.toSorted()) hash.update(`${path}\0`).update(await readFile(join(root, path)));
  return hash.digest('hex');
}

async function builtHash(): Promise<string | undefined> {
  try {
    await readFile(join(pageDir, 'index.html'));
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
  await buildInto(pageDir);
  const alone = await verifyPage();
  // Beside the page for whoever keeps a copy of it, and in it for the hub.
  for (const path of ['dist/verify.html', 'dist/web/verify.html']) await writeFile(join(root, path), alone);
  await precompress(pageDir);
  await writeFile(stampPath, hash);
  console.log('The page is in dist/web.');
}
