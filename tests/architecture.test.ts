import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/** The arrows between the folders, the size of the files, and whether this test has seen them all. */

const root = resolve(import.meta.dirname, '..');
const top = ['shared', 'server', 'web', 'tests'] as const;

const files = top.flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx}`, { cwd: root })).toSorted();
/** Written by a program, from the file beside it. */
const generated = new Set(['shared/onnx/protobuf/onnx-pb.ts']);
const sources = files.filter(
  (path) => !path.endsWith('.test.ts') && !path.startsWith('tests/') && !generated.has(path),
);
const text = (path: string): string => readFileSync(join(root, path), 'utf8');

/** What the engine says of itself, without the engine. */
const engineTypes = [
  'web/engine/engine-state.ts',
  'web/engine/file-api.ts',
  'web/engine/file-client.ts',
  'web/engine/observable.ts',
  'web/engine/parcels.ts',
  'web/engine/picture-api.ts',
  'web/engine/picture-client.ts',
  'web/engine/runtime-store.ts',
];
/** What page and records worker say to each other. */
const recordsApi = ['web/engine/records-api.ts', 'web/engine/desk-api.ts', 'web/engine/desk-calls.ts'];
/** Everything of the page but its workers, which are started and never imported. */
const pageParts = ['app', 'screens', 'ui', 'viewer', 'engine', 'data', 'pwa']
  .map((part) => `web/${part}`)
  .concat('shared');

/** What a part of the hub may know of another: its port. */
const serverPorts = [
  'server/inference/pool-api.ts',
  'server/store/database.ts',
  'server/store/hub-log-api.ts',
  'server/store/audit-log-api.ts',
  'server/keys/sealer-api.ts',
  'server/auth/accounts-api.ts',
  'server/blobs/blob-store-api.ts',
];

/** Folder → folders it may import from; its own is always allowed. A longer path is more specific. */
const arrows: Record<string, readonly string[]> = {
  'shared/kernel': [],
  'shared/imaging': ['shared/kernel'],
  'shared/onnx': ['shared/kernel'],
  'shared/model': ['shared/kernel', 'shared/onnx'],
  'shared/log': ['shared/kernel'],
  'shared/api': ['shared/kernel', 'shared/model', 'shared/log'],
  'shared/inference': ['shared/kernel', 'shared/imaging', 'shared/onnx', 'shared/model', 'shared/api'],
  'server/http': ['shared', 'server/deps.ts', 'server/program-version.ts'],
  'server/inference': ['shared', 'server/deps.ts', 'server/program-version.ts'],
  'server/tls': ['shared'],
  'server/keys': ['shared', 'server/deps.ts'],
  'server/store': ['shared', 'server/deps.ts', 'server/keys/sealer-api.ts'],
  'server/auth': ['shared', 'server/deps.ts', ...serverPorts],
  'server/operator': ['shared', 'server/auth/accounts-api.ts'],
  'server/device': ['shared', 'server/deps.ts', ...serverPorts],
  'server/blobs': ['shared', 'server/deps.ts', ...serverPorts],
  'server/routes': ['shared', 'server/http', 'server/deps.ts', ...serverPorts],
  'server/entry': ['shared', 'server'],
  'server/cli': ['shared', 'server'],
  server: ['shared', 'server'],
  'web/setup': [],
  'web/build': ['shared', 'web/engine/parcels.ts'],
  'web/ui': ['shared/kernel'],
  // What is asked of the worker, and what it answers.
  'web/engine': ['shared', 'web/data/reading.ts'],
  'web/data': ['shared', ...engineTypes],
  'web/vault': ['shared', 'web/data', 'web/engine/records-api.ts'],
  'web/records': ['shared', 'web/data', 'web/engine/desk-api.ts'],
  'web/sync': ['shared', 'web/data', 'web/vault', 'web/records', ...recordsApi],
  'web/pwa': ['shared', 'web/engine/observable.ts', 'web/engine/reading-lock.ts'],
  'web/viewer': ['shared/kernel', 'shared/imaging', 'shared/inference', 'shared/api', ...engineTypes],
  'web/workers': [
    'shared',
    'web/data',
    'web/vault',
    'web/sync',
    'web/verify/page-crypto.ts',
    'web/pwa/trusted-urls.ts',
    'web/zod-without-eval.ts',
    'web/engine/program-version.ts',
    'web/engine/worker-rpc.ts',
    'web/engine/analysis-api.ts',
    'web/engine/archive-api.ts',
    'web/engine/records-api.ts',
    ...engineTypes,
  ],
  'web/verify': ['shared', 'web/zod-without-eval.ts'],
  'web/screens': pageParts,
  'web/app': pageParts,
  web: ['shared', 'web/app', 'web/pwa'],
};

function importsOf(path: string): string[] {
  const specifiers = text(path).matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g);
  return Array.from(specifiers, ([, specifier]) =>
    relative(root, resolve(root, dirname(path), specifier!.split('?')[0]!)),
  );
}

function packagesOf(path: string): string[] {
  return Array.from(text(path).matchAll(/(?:from|import)\s*\(?\s*'([^.'][^']*)'/g), ([, name]) => name!);
}

function ruleFor(path: string): string {
  const rule = Object.keys(arrows)
    .toSorted((a, b) => b.length - a.length)
    .find((folder) => path.startsWith(`${folder}/`));
  if (rule === undefined) throw new Error(`${path} lies in a folder without a rule`);
  return rule;
}

const allowed = (rule: string, target: string): boolean =>
  [rule, ...arrows[rule]!].some((folder) => target === folder || target.startsWith(`${folder}/`));

describe('the architecture', () => {
  it('has been looked at whole', () => {
    const onDisk = top.flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, withFileTypes: true }).filter(
        (entry) => entry.isFile() && /\.tsx?$/.test(entry.name),
      ),
    );
    expect(files.length).toBe(onDisk.length);
    expect(sources.length).toBeGreaterThan(60);
    expect(sources.flatMap(importsOf).length).toBeGreaterThan(150);
  });

  it('holds no file that was merged by half', () => {
    const texts = [
      'README.md',
      ...top.flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx,md}`, { cwd: root })),
    ];
    expect(texts.filter((path) => /^(<{7}|>{7}) /m.test(text(path)))).toEqual([]);
  });

  it('lets imports run along the arrows only', () => {
    const wrong = sources.flatMap((path) => {
      const rule = ruleFor(path);
      return importsOf(path)
        .filter((target) => !allowed(rule, target))
        .map((target) => `${path} imports ${target}`);
    });
    expect(wrong).toEqual([]);
  });

  it('would notice an import against the arrows', () => {
    expect(allowed('shared/kernel', 'shared/imaging/resample.ts')).toBe(false);
    expect(allowed('web', 'server/app.ts')).toBe(false);
    expect(allowed('web/app', 'web/workers/ort-web.ts')).toBe(false);
    expect(allowed('web/viewer', 'web/data/database.ts')).toBe(false);
    expect(allowed('server/routes', 'server/inference/pool.ts')).toBe(false);
  });

  it('imports only files that exist, with their extension', () => {
    const missing = files.flatMap((path) =>
      importsOf(path)
        .filter((target) => !existsSync(join(root, target)))
        .map((target) => `${path} imports ${target}`),
    );
    expect(missing).toEqual([]);
  });

  it('keeps platform and runtime out of shared', () => {
    const impure = sources
      .filter((path) => path.startsWith('shared/'))
      .flatMap((path) => packagesOf(path).map((name) => ({ path, name })))
      .filter(({ name }) => /^(node:|onnxruntime|hono|vite)/.test(name));
    expect(impure).toEqual([]);
    const clocks = sources.filter(
      (path) =>
        path.startsWith('shared/') &&
        /\b(Date\.now|Math\.random|performance\.now|new Date\(\))/.test(text(path)),
    );
    expect(clocks).toEqual([]);
  });

  it('keeps files small: median at most 90 lines, nine in ten under 250, none over 400', () => {
    const sizes = sources.map((path) => text(path).split('\n').length).toSorted((a, b) => a - b);
    expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThanOrEqual(90);
    expect(sizes[Math.floor(sizes.length * 0.9)]).toBeLessThan(250);
    expect(sizes.at(-1)).toBeLessThanOrEqual(400);
  });

  it('has kebab-case names and no rooms for leftovers', () => {
    expect(
      files.filter((path) => !/^[a-z0-9-/]+(\.(test|bench|contract|worker|long|d))?\.tsx?$/.test(path)),
    ).toEqual([]);
    expect(
      files.filter((path) => /\/(utils?|helpers?|common|misc|types|manager|index)(\.tsx?|\/)/.test(path)),
    ).toEqual([]);
  });

  it('leaves nothing open without an issue number', () => {
    const open = [...files].filter(
      (path) => !path.endsWith('architecture.test.ts') && /\b(TODO|FIXME|XXX)\b(?!\(#\d+\))/.test(text(path)),
    );
    expect(open).toEqual([]);
  });
});
