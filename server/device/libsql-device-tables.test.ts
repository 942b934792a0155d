import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deviceStoreContract } from '../../tests/contracts/device-store.contract.ts';
import { ann } from '../../tests/fixtures/fold-steps.ts';
import { identityOf, testDevice } from '../../tests/fixtures/test-device.ts';
import { createKeyVault } from '../keys/key-vault.ts';
import { masterKey } from '../keys/master-key.ts';
import type { Database } from '../store/database.ts';
import { openFile } from '../store/open-file.ts';
import { openLibsqlDeviceTables } from './libsql-device-tables.ts';

const sealer = () => createKeyVault([masterKey(randomBytes(32))], randomBytes(32));

async function inFolder<Result>(use: (path: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'fieldray-device-'));
  try {
    return await use(join(folder, 'device.db'));
  } finally {
    await rm(folder, { recursive: true });
  }
}

deviceStoreContract('libSQL', async (identity) => {
  const folder = await mkdtemp(join(tmpdir(), 'fieldray-device-'));
  const database = await openFile(join(folder, 'device.db'));
  const parts = { database, sealer: sealer() };
  return {
    tables: await openLibsqlDeviceTables(parts, identity),
    again: () => openLibsqlDeviceTables(parts),
    close: async () => {
      await database.close();
      await rm(folder, { recursive: true });
    },
  };
});

describe('a device in a file', () => {
  const withDatabase = <Result>(
    use: (database: Database, path: string) => Promise<Result>,
  ): Promise<Result> =>
    inFolder(async (path) => {
      const database = await openFile(path);
      try {
        return await use(database, path);
      } finally {
        await database.close();
      }
    });

  it('keeps nothing personal in clear', async () => {
    await withDatabase(async (database, path) => {
      const tables = await openLibsqlDeviceTables({ database, sealer: sealer() }, identityOf('tablet'));
      const device = testDevice('tablet', ann, { tables });
      await device.review([], 'Mrs. Miller coughs');
      const files = await readdir(join(path, '..'));
      const texts = await Promise.all(files.map((name) => readFile(join(path, '..', name), 'latin1')));
      expect(texts.join('')).toContain('review.added');
      expect(texts.join('')).not.toContain('Miller');
    });
  });

  it.each([
    'UPDATE entries SET json = 1',
    'DELETE FROM entries',
    'DELETE FROM heads',
    'UPDATE heads SET json = 1',
  ])('refuses %s', async (sql) => {
    await withDatabase(async (database) => {
      const tables = await openLibsqlDeviceTables({ database, sealer: sealer() }, identityOf('tablet'));
      await testDevice('tablet', ann, { tables }).say({});
      await expect(database.write([{ sql, args: [] }])).rejects.toThrow('the log only grows');
    });
  });

  it('is not opened where no device was enrolled, or by a program that is older', async () => {
    await withDatabase(async (database) => {
      const parts = { database, sealer: sealer() };
      await expect(openLibsqlDeviceTables(parts)).rejects.toMatchObject({ code: 'sync.unknown-device' });
      await database.write([{ sql: 'PRAGMA user_version = 99', args: [] }]);
      await expect(openLibsqlDeviceTables(parts)).rejects.toMatchObject({ code: 'storage.newer' });
    });
  });
});
