import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLibsqlDeviceTables } from '../../server/device/libsql-device-tables.ts';
import type { Database } from '../../server/store/database.ts';
import { openFile } from '../../server/store/open-file.ts';
import { ann } from '../fixtures/fold-steps.ts';
import { identityOf, testDevice } from '../fixtures/test-device.ts';
import { pushOf } from './log-device.ts';
import { admin, clinic, enrolled, openHubLog } from './open-hub-log.ts';

const picture = 'ab'.repeat(32);
/** Long enough to lie on pages of its own. */
const long = 'Miller '.repeat(3000);

/** Whoever has the master key could open what was erased, if it still lay somewhere in the file. */
describe('what was erased', () => {
  let folder: string;
  let database: Database;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fieldray-erased-'));
    database = await openFile(join(folder, 'records.db'));
  });
  afterEach(async () => {
    await database.close();
    await rm(folder, { recursive: true });
  });

  /** How many of these BLOBs are in the files of the folder, whole or their middle or end. */
  async function found(blobs: readonly Buffer[]): Promise<number> {
    const names = await readdir(folder);
    const files = await Promise.all(names.map((name) => readFile(join(folder, name))));
    const pieces = blobs.flatMap((blob) => [blob.subarray(60, 160), blob.subarray(-100)]);
    return pieces.filter((piece) => files.some((file) => file.includes(piece))).length;
  }
  async function sealed(...selects: readonly string[]): Promise<Buffer[]> {
    const rows = await Promise.all(selects.map((sql) => database.read({ sql, args: [] })));
    return rows.flat().map((row) => Buffer.from(Object.values(row)[0] as Uint8Array));
  }

  it('lies nowhere in the file of the hub, not in pages that are free either', async () => {
    const { hubLog } = await openHubLog(database);
    const { device, member } = await enrolled(hubLog);
    const image = { sha256: picture, bytes: 1, type: 'image/png', fileName: 'Miller '.repeat(40) };
    const result = { image: picture, modelSha256s: [picture], analysis: { said: long } };
    const written = [
      device.write({ kind: 'image.added', entity: picture, body: image }),
      device.write({ kind: 'result.added', entity: 'result:1', body: result }),
    ];
    await hubLog.push(member, await pushOf(device, written));
    const blobs = await sealed(
      `SELECT b.sealed FROM bodies b JOIN entries e USING (place) WHERE e.kind IN ('image.added', 'result.added')`,
      'SELECT personal FROM folded_images',
      'SELECT personal FROM folded_results',
    );
    expect(blobs).toHaveLength(4);
    expect(await found(blobs)).toBe(8);
    for (const { h, body } of written) {
      await hubLog.append(clinic, [
        {
          kind: 'body.erased',
          entity: body!.bodyHash,
          actor: admin,
          basedOn: [h],
          body: { reason: 'asked for' },
        },
      ]);
    }
    expect(await found(blobs)).toBe(0);
  });

  it('lies nowhere in the file of a device', async () => {
    const { parts } = await openHubLog(database);
    const file = await openFile(join(folder, 'device.db'));
    const tables = await openLibsqlDeviceTables(
      { database: file, sealer: parts.sealer },
      identityOf('tablet'),
    );
    const [written] = await testDevice('tablet', ann, { tables }).say({
      kind: 'preference.set',
      entity: 'words',
      body: { value: long },
    });
    const [body] = await file.read({ sql: 'SELECT sealed FROM bodies', args: [] });
    const blobs = [Buffer.from(body!['sealed'] as Uint8Array)];
    expect(await found(blobs)).toBe(2);
    const { version } = await tables.state();
    await tables.commit({ erased: [written!.entry.bodyHash!] }, version);
    expect(await found(blobs)).toBe(0);
    await file.close();
  });

  it('is the only thing that goes: a REPLACE of an entry is refused like a DELETE', async () => {
    const { hubLog } = await openHubLog(database);
    await enrolled(hubLog);
    for (const table of ['entries', 'heads', 'tree_nodes', 'checkpoints']) {
      const sql = `INSERT OR REPLACE INTO ${table} SELECT * FROM ${table}`;
      await expect(database.write([{ sql, args: [] }])).rejects.toThrow('the log is only appended to');
    }
  });
});
