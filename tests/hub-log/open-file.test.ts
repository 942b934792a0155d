import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFile, openFileOnThread } from '../../server/store/open-file.ts';

const sql = (text: string) => ({ sql: text, args: [] });
const opener = fileURLToPath(new URL('../../server/store/open-file.ts', import.meta.url));

const ways = [
  ['on the thread of its caller', openFile, 'openFile'],
  ['on a thread of its own', openFileOnThread, 'openFileOnThread'],
] as const;

describe.each(ways)('a file of records %s', (_way, open, name) => {
  let folder: string;
  let path: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fieldray-file-'));
    path = join(folder, 'hub.db');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('has one owner, also in one process, and can be opened again when it was closed', async () => {
    const database = await open(path);
    await expect(open(path)).rejects.toMatchObject({ code: 'storage.in-use' });
    await database.close();
    await (await open(path)).close();
  });

  it('has one owner among processes, until that is killed', async () => {
    const script = `const { ${name} } = await import(${JSON.stringify(opener)});
      await ${name}(${JSON.stringify(path)}); console.log('open'); setInterval(() => {}, 1000);`;
    const other = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(other.stdout, 'data');
    await expect(open(path)).rejects.toMatchObject({ code: 'storage.in-use' });
    other.kill('SIGKILL');
    await once(other, 'exit');
    await (await open(path)).close();
  });

  it('says why it cannot be opened', async () => {
    const nothing = join(folder, 'nowhere', 'hub.db');
    await expect(open(nothing)).rejects.toMatchObject({ code: 'usage.file-problem' });
    await mkdir(join(folder, 'folder.db'));
    await expect(open(join(folder, 'folder.db'))).rejects.toMatchObject({ code: 'usage.file-problem' });
    await writeFile(join(folder, 'text.db'), 'no database at all\n'.repeat(100));
    await expect(open(join(folder, 'text.db'))).rejects.toMatchObject({ code: 'storage.damaged' });
    // Nothing holds it now.
    await rm(join(folder, 'text.db'));
    await (await open(join(folder, 'text.db'))).close();
  });

  it('can be read by nobody else, also in a folder of others and where an earlier version left it open', async () => {
    const modes = async () => {
      const names = (await readdir(folder)).filter((name) => name.startsWith('open.db'));
      return Promise.all(names.map(async (name) => (await stat(join(folder, name))).mode & 0o077));
    };
    await writeFile(join(folder, 'open.db'), '', { mode: 0o644 });
    const database = await open(join(folder, 'open.db'));
    await database.write([sql('CREATE TABLE notes (text text)')]);
    const found = await modes();
    expect(found.length).toBeGreaterThanOrEqual(3);
    expect(new Set(found)).toEqual(new Set([0]));
    await database.close();
  });

  it('is written through the writer alone', async () => {
    const database = await open(path);
    await expect(database.read(sql('CREATE TABLE sneaky (a)'))).rejects.toThrow(/readonly/);
    await database.close();
  });

  it('says that the disk is full, keeps what it acknowledged, and goes on when there is room', async () => {
    const database = await open(path);
    await database.write([sql('CREATE TABLE notes (text text)')]);
    const [{ page_count: pages } = {}] = await database.read(sql('PRAGMA page_count'));
    await database.write([sql(`PRAGMA max_page_count = ${Number(pages) + 2}`)]);
    const large = sql('INSERT INTO notes VALUES (hex(zeroblob(50000)))');
    const small = sql(`INSERT INTO notes VALUES ('small')`);
    await database.write([small]);
    const outcomes = await Promise.allSettled([database.write([large]), database.write([small])]);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'storage.full' } });
    }
    expect(await database.read(sql('SELECT count(*) AS count FROM notes'))).toEqual([{ count: 1 }]);
    await database.write([sql('PRAGMA max_page_count = 100000')]);
    await database.write([large]);
    expect(await database.read(sql('SELECT count(*) AS count FROM notes'))).toEqual([{ count: 2 }]);
    await database.close();
  });

  it('commits together what waits together', async () => {
    let batches = 0;
    const database = await open(path, (client) => ({
      execute: (statement: Parameters<typeof client.execute>[0]) => client.execute(statement),
      batch: (...args: Parameters<typeof client.batch>) => {
        batches++;
        return client.batch(...args);
      },
      close: () => client.close(),
    }));
    await Promise.all(
      Array.from({ length: 300 }, () => database.write([sql(`INSERT INTO notes VALUES ('x')`)])),
    );
    expect(batches).toBeLessThan(5);
    await database.close();
  });
});
