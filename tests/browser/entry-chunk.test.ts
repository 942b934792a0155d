import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildPage } from './fieldray-page.ts';

/** What a first visit has to wait for, in kB as people count them. */
const maxGzipBytes = 110_000;
/** They read pictures and models, which nobody waits for at the door. The last is how the runtime asks for its WebAssembly. */
const keptOut = ['onnxruntime', 'cornerstone', 'dicom-parser', 'dicomParser', 'ort-wasm'];

let folder: string;

const text = (path: string): string => readFileSync(join(folder, path), 'utf8');

/** The script of the page, what is loaded with it, and what these import. */
function scriptsAtStart(): { entry: string; all: string[] } {
  const html = text('index.html');
  const [entry, ...others] = Array.from(html.matchAll(/<script[^>]* src="\/([^"]+)"/g), ([, path]) => path!);
  expect(others).toEqual([]);
  const preloaded = html.matchAll(/<link[^>]* rel="modulepreload"[^>]* href="\/([^"]+)"/g);
  const all = new Set([entry!, ...Array.from(preloaded, ([, path]) => path!)]);
  // A set hands out what is added to it while it is walked.
  for (const path of all) {
    for (const [, name] of text(path).matchAll(/\b(?:from|import)\s*"\.\/([^"]+)"/g))
      all.add(`assets/${name}`);
  }
  return { entry: entry!, all: [...all] };
}

describe('what the page loads first', () => {
  beforeAll(() => {
    folder = buildPage();
  }, 120_000);

  it('is small', () => {
    const { entry, all } = scriptsAtStart();
    const sizes = new Map(all.map((path) => [path, gzipSync(text(path), { level: 9 }).length]));
    expect(Array.from(sizes.values()).reduce((sum, bytes) => sum + bytes)).toBeLessThanOrEqual(maxGzipBytes);
    // React alone is more: a page that has lost its scripts is not small but broken.
    expect(sizes.get(entry)).toBeGreaterThan(40_000);
  });

  it('holds neither runtime nor decoders', () => {
    const { all } = scriptsAtStart();
    const found = all.flatMap((path) =>
      keptOut.filter((name) => text(path).includes(name)).map((name) => `${path}: ${name}`),
    );
    expect(found).toEqual([]);
  });

  it.each(keptOut)('is looked at for %s, which stands in what is loaded later', (name) => {
    const { all } = scriptsAtStart();
    const later = readdirSync(join(folder, 'assets'))
      .map((file) => `assets/${file}`)
      .filter((path) => /\.m?js$/.test(path) && !all.includes(path));
    expect(later.filter((path) => text(path).includes(name)).length).toBeGreaterThan(0);
  });
});
