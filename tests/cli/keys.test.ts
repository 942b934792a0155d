import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate } from '../../server/store/migrate.ts';
import { openRemote } from '../../server/store/open-remote.ts';
import { fieldray } from '../fixtures/run-fieldray.ts';
import { startSqld, withSqld } from '../hub-log/start-sqld.ts';
import { fillHub, keyFileOf, keyLines, newKeyLine, openHub, readHub, workOn } from '../keys/hub-folder.ts';

type Environment = Readonly<Record<string, string>>;

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'fieldray-cli-keys-'));
});
afterAll(() => rm(home, { recursive: true }));

function start(args: readonly string[], env: Environment) {
  return spawn(process.execPath, [fieldray, 'keys', ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function keys(args: readonly string[], env: Environment) {
  const child = start(args, env);
  const closed = once(child, 'close');
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [status] = (await closed) as [number | null];
  return { status, out, err };
}

describe('npx fieldray keys', () => {
  it.each([[[]], [['rotate', 'now']]])('refuses %j', async (args) => {
    const { status, out, err } = await keys(args, { DATA_DIR: join(home, 'none') });
    expect({ status, out }).toEqual({ status: 1, out: '' });
    expect(err).toContain('npx fieldray keys rotate');
  });

  it('says what it does before it does it', async () => {
    const { status, out } = await keys(['--help'], {});
    expect(status).toBe(0);
    expect(out).toContain('Changes the master key');
  });

  it('rotates the key of a hub that is stopped, killed in between as well', { timeout: 60_000 }, async () => {
    const DATA_DIR = join(home, 'data');
    const witness = await fillHub(DATA_DIR);
    const [old] = await keyLines(DATA_DIR);
    const running = await openHub(DATA_DIR);
    const before = await readHub(running, witness);
    const refused = await keys(['rotate'], { DATA_DIR });
    expect(refused).toMatchObject({ status: 1, out: '' });
    expect(refused.err).toContain('Stop the hub and give the command again.');
    expect(await keyLines(DATA_DIR)).toEqual([old]);
    await running.close();

    const killed = start(['rotate'], { DATA_DIR });
    // As soon as it has said that there is a new key.
    await once(killed.stdout, 'data');
    killed.kill('SIGKILL');
    await once(killed, 'close');
    const { status, out, err } = await keys(['rotate'], { DATA_DIR });
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toContain(`The old master key was taken out of ${keyFileOf(DATA_DIR)}.`);
    expect(await keyLines(DATA_DIR)).toEqual([expect.not.stringMatching(old!)]);
    const after = await openHub(DATA_DIR);
    expect(await readHub(after, witness)).toEqual(before);
    expect(await workOn(after, witness)).toEqual([]);
    await after.close();
    await expect(openHub(DATA_DIR, { MASTER_KEY: old! })).rejects.toMatchObject({ code: 'storage.sealed' });
  });
});

withSqld(() => {
  it('wraps the records on a server by the key of the environment', { timeout: 60_000 }, async () => {
    const server = await startSqld();
    const [old, fresh] = [newKeyLine(), newKeyLine()];
    const DATA_DIR = join(home, 'beside');
    const hub = { LIBSQL_URL: server.url, DATA_DIR };
    const database = openRemote({ url: server.url });
    await migrate(database);
    await database.close();
    const witness = await fillHub(DATA_DIR, { ...hub, MASTER_KEY: old });
    const records = await openHub(DATA_DIR, { ...hub, MASTER_KEY: old });
    const before = await readHub(records, witness);
    await records.close();

    const lacking = await keys(['rotate'], { ...hub, MASTER_KEY: fresh });
    expect(lacking.status).toBe(1);
    expect(lacking.err).toContain('MASTER_KEY_OLD');
    const { status, out } = await keys(['rotate'], { ...hub, MASTER_KEY: fresh, MASTER_KEY_OLD: old });
    expect(status).toBe(0);
    expect(out).toContain('Take it away from every other hub');
    await expect(openHub(DATA_DIR, { ...hub, MASTER_KEY: old })).rejects.toMatchObject({
      code: 'storage.sealed',
    });
    const after = await openHub(DATA_DIR, { ...hub, MASTER_KEY: fresh });
    expect(await readHub(after, witness)).toEqual(before);
    expect(await workOn(after, witness)).toEqual([]);
    await after.close();
    await server.stop();
  });
});
