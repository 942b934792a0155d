import { chmod, cp, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { diskFiles } from '../../server/blobs/disk-files.ts';
import { openDatabase } from '../../server/entry/open-records.ts';
import { rotateKeys, type RotationParts } from '../../server/entry/rotate-keys.ts';
import { parseMasterKey } from '../../server/keys/master-key.ts';
import { replaceKeyFile } from '../../server/keys/rotate-key-file.ts';
import { compactFile } from '../../server/store/compact-file.ts';
import { serveOperator } from '../../server/operator/operator-socket.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import { everythingIn } from '../blobs/temp-folder.ts';
import {
  configOf,
  fillHub,
  keyFileOf,
  keyLines,
  newKeyLine,
  openHub,
  readHub,
  type Witness,
  workOn,
} from './hub-folder.ts';

/** The master key of a hub is changed, over a data folder as a hub leaves it. */

let home: string;
let filled: string;
let witness: Witness;
let before: Awaited<ReturnType<typeof readHub>>;
let copies = 0;
/** A copy of the folder for each test. */
let dataDir: string;
const never = new AbortController().signal;

const idOf = (line: string): Buffer => Buffer.from(parseMasterKey(line, 'a test').id);

async function open<Result>(
  task: (records: Awaited<ReturnType<typeof openHub>>) => Promise<Result>,
  more = {},
) {
  const records = await openHub(dataDir, more);
  try {
    return await task(records);
  } finally {
    await records.close();
  }
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'fieldray-rotate-'));
  filled = join(home, 'filled');
  witness = await fillHub(filled);
  dataDir = filled;
  before = await open((records) => readHub(records, witness));
  expect(before.bodies.length).toBeGreaterThan(6);
  expect(before.bodies.map(({ bodyHash }) => bodyHash)).not.toContain(witness.erased);
  expect(JSON.stringify(before.rows)).toContain('planted note');
  expect(before.offset).toBe(200_000);
});
afterAll(() => rm(home, { recursive: true }));
beforeEach(async () => {
  dataDir = join(home, `copy-${copies++}`);
  await cp(filled, dataDir, { recursive: true });
  await cp(keyFileOf(filled), keyFileOf(dataDir));
});

async function rotate(more: Readonly<Record<string, string>> = {}, parts?: RotationParts): Promise<string> {
  const said: string[] = [];
  await rotateKeys(configOf(dataDir, more), (line) => said.push(line), never, parts);
  return said.join('\n');
}

/** That nothing needs, or opens with, a key that is not in the file any more. */
async function expectOnly(fresh: string, gone: readonly string[], more = {}): Promise<void> {
  const { bytes } = await everythingIn(dataDir);
  expect(bytes.includes(idOf(fresh))).toBe(true);
  for (const old of gone) expect(bytes.includes(idOf(old))).toBe(false);
  expect(await open((records) => readHub(records, witness), more)).toEqual(before);
  expect(await open((records) => workOn(records, witness), more)).toEqual([]);
}

describe('a rotation', () => {
  it('leaves a hub that opens everything with the new key, and nothing that the old one opens', async () => {
    const [old] = await keyLines(dataDir);
    expect((await everythingIn(dataDir)).bytes.includes(idOf(old!))).toBe(true);
    const said = await rotate();
    const lines = await keyLines(dataDir);
    expect(lines).toEqual([expect.not.stringMatching(old!)]);
    expect((await stat(keyFileOf(dataDir))).mode & 0o777).toBe(0o600);
    await expectOnly(lines[0]!, [old!]);
    await expect(openHub(dataDir, { MASTER_KEY: old! })).rejects.toMatchObject({ code: 'storage.sealed' });
    expect(said).toContain(`A new master key stands first in ${keyFileOf(dataDir)}`);
    for (const line of [
      '2  secrets of the hub',
      '2  addresses of accounts',
      '1  names of devices',
      '2  files',
    ])
      expect(said).toMatch(new RegExp(`^ +${line}$`, 'm'));
    for (const what of ['keys of sign-ins', 'texts of the log', 'rows made from the log'])
      expect(said).toMatch(new RegExp(`^ +[1-9]\\d*  ${what}$`, 'm'));
    expect(said).toContain('keep a copy of the new');
    expect(said).toContain('Keep the copy of the old key');
    for (const secret of [old!, lines[0]!]) expect(said).not.toContain(secret);
  });

  it('can be followed by another', async () => {
    const [old] = await keyLines(dataDir);
    await rotate();
    const [second] = await keyLines(dataDir);
    await rotate();
    const [third, ...others] = await keyLines(dataDir);
    expect([others.length, third === second]).toEqual([0, false]);
    await expectOnly(third!, [old!, second!]);
  });

  it('goes on with a key that somebody put first by hand', async () => {
    const [old] = await keyLines(dataDir);
    const mine = newKeyLine();
    await writeFile(keyFileOf(dataDir), `${mine}\n${old}\n`);
    expect(await rotate()).toContain('was begun before and goes on');
    expect(await keyLines(dataDir)).toEqual([mine]);
    await expectOnly(mine, [old!]);
  });

  it('keeps a file of keys where it is: behind a link', async () => {
    const link = join(home, `link-${copies}`);
    await symlink(keyFileOf(dataDir), link);
    const [old] = await keyLines(dataDir);
    await rotate({ MASTER_KEY_FILE: link });
    const [fresh] = await keyLines(dataDir);
    expect(await readFile(link, 'utf8')).toBe(`${fresh}\n`);
    await expectOnly(fresh!, [old!]);
  });

  it('makes no key where the environment has one, and wraps everything by that', async () => {
    const [old] = await keyLines(dataDir);
    await rm(keyFileOf(dataDir));
    const fresh = newKeyLine();
    const said = await rotate({ MASTER_KEY: fresh, MASTER_KEY_OLD: old! });
    expect(said).toContain('take MASTER_KEY_OLD away');
    await expect(stat(keyFileOf(dataDir))).rejects.toThrow('ENOENT');
    await expectOnly(fresh, [old!], { MASTER_KEY: fresh });
  });
});

/** Parts of which the step number `failAt` fails before it has done anything, or after. */
function failingParts(failAt: number, how: 'before' | 'after') {
  const state = { steps: 0 };
  async function step(task: () => Promise<void>): Promise<void> {
    const fails = ++state.steps === failAt;
    if (!fails || how === 'after') await task();
    if (fails) throw new AppError('storage.full', 'the disk is full');
  }
  const files = diskFiles();
  const parts: RotationParts = {
    async openDatabase(config) {
      const database = await openDatabase(config);
      return { ...database, write: (statements) => step(() => database.write(statements)) };
    },
    blobFiles: { ...files, overwrite: (...args) => step(() => files.overwrite(...args)) },
    compactFile: (...args) => step(() => compactFile(...args)),
    replaceFile: (...args) => step(() => replaceKeyFile(...args)),
  };
  return { parts, state };
}

describe('a rotation that is stopped', () => {
  it(
    'loses nothing and goes on with the same two keys, whichever step it was',
    { timeout: 180_000 },
    async () => {
      const counting = failingParts(0, 'before');
      const from = dataDir;
      const [old] = await keyLines(from);
      const attempts: string[] = [];
      await rotate({}, counting.parts);
      // The key file twice, secrets, five kinds of columns, two files twice, the file written anew.
      expect(counting.state.steps).toBeGreaterThanOrEqual(14);
      for (let failAt = 1; failAt <= counting.state.steps; failAt++) {
        // A step that fails after it was done is the next one that fails before.
        const how = failAt % 2 === 0 ? 'before' : 'after';
        dataDir = join(home, `${how}-${failAt}`);
        await cp(filled, dataDir, { recursive: true });
        await cp(keyFileOf(filled), keyFileOf(dataDir));
        await expect(rotate({}, failingParts(failAt, how).parts)).rejects.toThrow('the disk is full');
        const between = await keyLines(dataDir);
        expect(between.length, `${how} ${failAt}`).toBeLessThanOrEqual(2);
        expect(await open((records) => readHub(records, witness)), `${how} ${failAt}`).toEqual(before);
        await rotate();
        const [fresh, ...others] = await keyLines(dataDir);
        expect(others).toEqual([]);
        // With one line there it had not begun, or was over: then this was another rotation.
        if (between.length === 2) expect([fresh, old]).toEqual(between);
        attempts.push(fresh!);
        await expectOnly(fresh!, [old!]);
        await rm(dataDir, { recursive: true });
      }
      expect(attempts).toHaveLength(counting.state.steps);
    },
  );

  it('by the person who gave the command ends between two steps', async () => {
    const stop = new AbortController();
    const said: string[] = [];
    const say = (line: string): void => {
      said.push(line);
      stop.abort(new Error('stopped'));
    };
    await expect(rotateKeys(configOf(dataDir), say, stop.signal)).rejects.toThrow('stopped');
    expect(said).toHaveLength(1);
    expect(await keyLines(dataDir)).toHaveLength(2);
    await rotate();
    expect(await keyLines(dataDir)).toHaveLength(1);
  });
});

describe('a rotation is refused', () => {
  const linesStay = async (task: () => Promise<unknown>): Promise<unknown> => {
    const lines = await keyLines(dataDir);
    const thrown = await task().then(
      () => 'it was not refused',
      (error: unknown) => error,
    );
    expect(await keyLines(dataDir)).toEqual(lines);
    return thrown;
  };

  it('while the hub runs', async () => {
    const thrown = await open(() => linesStay(() => rotate()));
    expect(thrown).toMatchObject({
      code: 'storage.in-use',
      message: expect.stringContaining('Stop the hub'),
    });
  });

  it('while a hub runs in the same folder on a server, too', async () => {
    const socket = await serveOperator(dataDir, { run: async () => ({ users: [] }) });
    const there = { LIBSQL_URL: 'http://127.0.0.1:1', MASTER_KEY: newKeyLine() };
    expect(await linesStay(() => rotate(there))).toMatchObject({ code: 'storage.in-use' });
    await socket.close();
  });

  it('with keys that are not those of the records', async () => {
    await writeFile(keyFileOf(dataDir), `${newKeyLine()}\n`);
    expect(await linesStay(() => rotate())).toMatchObject({ code: 'storage.sealed' });
  });

  it('with a file of keys that others can read', async () => {
    await chmod(keyFileOf(dataDir), 0o644);
    expect(await linesStay(() => rotate())).toMatchObject({ code: 'usage.invalid' });
  });

  it('on a server without keys of its own, because other hubs would not know the new one', async () => {
    const thrown = await linesStay(() => rotate({ LIBSQL_URL: 'http://127.0.0.1:1' }));
    expect(thrown).toMatchObject({ code: 'usage.invalid', message: expect.stringContaining('MASTER_KEY') });
  });

  it('where there are no records', async () => {
    dataDir = join(home, 'nothing');
    await expect(rotate()).rejects.toMatchObject({ code: 'usage.invalid' });
    await expect(stat(dataDir)).rejects.toThrow('ENOENT');
  });

  it.each([
    [
      'a text of the log',
      'UPDATE bodies SET sealed = zeroblob(100) WHERE place = (SELECT max(place) FROM bodies)',
    ],
    ['a value that nobody described', "INSERT INTO meta VALUES ('unknown', zeroblob(100))"],
  ])('to drop the old key as long as %s does not open', async (_, sql) => {
    const database = await openDatabase(configOf(dataDir));
    await database.write([{ sql, args: [] }]);
    await database.close();
    await expect(rotate()).rejects.toMatchObject({ code: 'storage.sealed' });
    const lines = await keyLines(dataDir);
    expect(lines).toHaveLength(2);
    await expect(rotate()).rejects.toThrow('does not open 1 ');
    expect(await keyLines(dataDir)).toEqual(lines);
  });

  it('to drop the old key as long as a stored file does not open', async () => {
    const { names } = await everythingIn(join(dataDir, 'blobs'));
    const stored = names.find((name) => !name.includes('uploads'))!;
    await writeFile(join(dataDir, 'blobs', stored), new Uint8Array(3000));
    await expect(rotate()).rejects.toThrow('does not open 1 files');
    expect(await keyLines(dataDir)).toHaveLength(2);
  });
});
