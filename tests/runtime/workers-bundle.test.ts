import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quietWrangler } from './start-hubs.ts';
import { installed, projectRoot } from './started-process.ts';

interface Metafile {
  readonly inputs: Readonly<
    Record<string, { readonly imports: readonly { readonly path: string; readonly external?: boolean }[] }>
  >;
}

/** What needs a disk, a process or native code, and what Workers replace by something of their own. */
const forbidden =
  /onnxruntime|node_modules\/(libsql|@libsql\/linux|ws|@hono\/node-server|deno|dexie|react)\/|cornerstone|server\/(cli|operator|tls)\/|server\/inference\/(?!absent-pool|pool-api)|server\/store\/(open-file|file-lock)|server\/blobs\/disk|master-key-file|native-argon2|server\/entry\/(node|deno|listen|start-|stop-|open-records|page-files)|^(tests|web)\//;

/** Modules of Node that workerd has. */
const platform = new Set(['<runtime>', 'cluster', 'crypto', 'node:buffer', 'node:crypto', 'node:util']);

const mostBytes = 512 * 1024;

describe('the bundle for Workers', () => {
  let folder: string;
  let code: Buffer;
  let metafile: Metafile;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fieldray-bundle-'));
    const meta = join(folder, 'meta.json');
    const args = ['deploy', '--dry-run', '--outdir', folder, '--metafile', meta];
    const child = spawn(installed('wrangler'), args, {
      cwd: projectRoot,
      env: { ...process.env, ...quietWrangler(folder) },
      stdio: 'ignore',
    });
    expect(await once(child, 'close')).toEqual([0, null]);
    code = await readFile(join(folder, 'workers.js'));
    metafile = JSON.parse(await readFile(meta, 'utf8')) as Metafile;
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('holds the app, and nothing that Workers do not have', () => {
    const inputs = Object.keys(metafile.inputs);
    expect(inputs).toContain('server/app.ts');
    expect(inputs.length).toBeGreaterThan(200);
    expect(inputs.filter((path) => forbidden.test(path))).toEqual([]);
  });

  it.each([
    'node_modules/onnxruntime-node/dist/index.js',
    'node_modules/libsql/index.js',
    'server/inference/pool.ts',
    'server/store/open-file.ts',
    'server/entry/start-hub.ts',
  ])('would notice %s', (path) => expect(path).toMatch(forbidden));

  it('asks the platform for few modules', () => {
    const external = Object.values(metafile.inputs).flatMap(({ imports }) =>
      imports.filter((one) => one.external === true).map(({ path }) => path),
    );
    expect(external).toContain('node:crypto');
    expect([...new Set(external)].filter((name) => !platform.has(name))).toEqual([]);
  });

  it('is small enough to start quickly', () => {
    expect(gzipSync(code).length).toBeLessThan(mostBytes);
  });
});
