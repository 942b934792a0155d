import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRemote } from '../store/open-remote.ts';
import { assertMigrated } from '../store/migrate.ts';
import { startSqld, withSqld } from '../../tests/hub-log/start-sqld.ts';
import { migrateCommand } from './migrate.ts';

async function run(environment: Record<string, string>, ...args: string[]) {
  let printed = '';
  const print = (text: string): void => void (printed += text);
  const status = await migrateCommand(args, { out: print, err: print } as never, environment);
  return { status, printed };
}

withSqld(() => {
  let server: Awaited<ReturnType<typeof startSqld>>;
  beforeAll(async () => {
    server = await startSqld();
  });
  afterAll(() => server.stop());

  it('brings a server to the schema of this program, once', async () => {
    const database = openRemote(server);
    await expect(assertMigrated(database)).rejects.toMatchObject({ code: 'storage.older' });
    expect(await run({ LIBSQL_URL: server.url })).toMatchObject({
      status: 0,
      printed: expect.stringMatching(/after \d steps/),
    });
    await assertMigrated(database);
    expect(await run({ LIBSQL_URL: server.url })).toEqual({
      status: 0,
      printed: 'The records are up to date.\n',
    });
    await database.write([{ sql: `INSERT INTO schema_migrations VALUES (999, 'of tomorrow')`, args: [] }]);
    await expect(assertMigrated(database)).rejects.toMatchObject({ code: 'storage.newer' });
    await database.close();
  });
});

it('needs a server and nothing else', async () => {
  await expect(run({})).rejects.toMatchObject({ code: 'usage.invalid' });
  await expect(run({ LIBSQL_URL: 'http://127.0.0.1:1' }, 'now')).rejects.toMatchObject({
    code: 'usage.invalid',
  });
});
