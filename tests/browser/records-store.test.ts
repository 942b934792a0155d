import { randomBytes } from 'node:crypto';
import type { BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toHex } from '../../shared/kernel/bytes.ts';
import { recordsDatabaseName } from '../../web/data/records-database.ts';
import { deviceStoreContract } from '../contracts/device-store.contract.ts';
import { ann } from '../fixtures/fold-steps.ts';
import { identityOf, testDevice } from '../fixtures/test-device.ts';
import { mayGoWithout } from './open-browser.ts';
import { serveTables, tablesOf, type TablesServer } from './tables-page.ts';

let server: TablesServer;

describe.skipIf(mayGoWithout)('records in IndexedDB', () => {
  beforeAll(async () => {
    server = await serveTables();
  }, 120_000);
  afterAll(() => server.close());

  deviceStoreContract('Dexie in Chromium', async (identity) => {
    const context = await server.browser.newContext();
    const key = toHex(randomBytes(32));
    return {
      tables: await tablesOf(await server.openPage(context), key, identity),
      again: async () => tablesOf(await server.openPage(context), key),
      close: () => context.close(),
    };
  });

  describe('a device in a browser', () => {
    let context: BrowserContext;
    const key = toHex(randomBytes(32));
    const identity = identityOf('tablet');
    beforeEach(async () => {
      context = await server.browser.newContext();
      return () => context.close();
    });

    it('is not opened where no device was enrolled, nor by a program that is older', async () => {
      const page = await server.openPage(context);
      await expect(tablesOf(page, key)).rejects.toMatchObject({ code: 'sync.unknown-device' });
      await page.evaluate(
        `closeTables(); new Promise((resolve) => {
          indexedDB.open('${recordsDatabaseName}', 990).onsuccess = ({ target }) => (target.result.close(), resolve());
        })`,
      );
      await expect(tablesOf(page, key, identity)).rejects.toMatchObject({ code: 'storage.newer' });
    });

    it('writes an append in one transaction that waits for the disk', async () => {
      const page = await server.openPage(context);
      await page.evaluate(
        `{
          globalThis.written = [];
          const { transaction } = IDBDatabase.prototype;
          IDBDatabase.prototype.transaction = function (names, mode, options) {
            const made = transaction.call(this, names, mode, options);
            if (mode === 'readwrite') written.push(made.durability);
            return made;
          };
        }`,
      );
      const device = testDevice('tablet', ann, { tables: await tablesOf(page, key, identity) });
      await page.evaluate('{ written.length = 0; }');
      await device.say({}, { entity: 'a'.repeat(64) });
      expect(await page.evaluate('written')).toEqual(['strict']);
    });

    it('says nothing with another key than its own', async () => {
      const page = await server.openPage(context);
      const device = testDevice('tablet', ann, { tables: await tablesOf(page, key, identity) });
      const [added] = await device.say({});
      const other = await tablesOf(await server.openPage(context), toHex(randomBytes(32)));
      const refused = { code: 'storage.sealed' };
      await expect(other.bodies([added!.entry.bodyHash!])).rejects.toMatchObject(refused);
      await expect(other.rowsAfter('images', '', 10)).rejects.toMatchObject(refused);
      expect(await other.counts()).toMatchObject({ outbox: 1 });
    });

    it('opens nothing that was moved to another place', async () => {
      const page = await server.openPage(context);
      const tables = await tablesOf(page, key, identity);
      const device = testDevice('tablet', ann, { tables });
      const said = [
        await device.say({ entity: 'a'.repeat(64) }),
        await device.say({ entity: 'b'.repeat(64) }),
      ];
      const [one, other] = said.map(([first]) => first!.entry.bodyHash!);
      await page.evaluate(
        `new Promise((resolve) => {
          indexedDB.open('${recordsDatabaseName}').onsuccess = ({ target }) => {
            const bodies = target.result.transaction('bodies', 'readwrite').objectStore('bodies');
            bodies.get('${one}').onsuccess = ({ target: { result } }) =>
              (bodies.put({ ...result, hash: '${other}' }).onsuccess = () => resolve());
          };
        })`,
      );
      await expect(tables.bodies([other!])).rejects.toMatchObject({ code: 'storage.sealed' });
      expect(await tables.bodies([one!])).toHaveLength(1);
    });

    it('keeps none of what a person said in clear', async () => {
      const page = await server.openPage(context);
      const device = testDevice('tablet', ann, { tables: await tablesOf(page, key, identity) });
      await device.say({});
      await device.review([], 'Mrs. Miller coughs');
      const text = await page.evaluate(
        `new Promise((resolve) => {
          indexedDB.open('${recordsDatabaseName}').onsuccess = async ({ target: { result: database } }) => {
            const names = [...database.objectStoreNames];
            const transaction = database.transaction(names);
            const latin = (_, value) => value instanceof ArrayBuffer
              ? Array.from(new Uint8Array(value), (byte) => String.fromCharCode(byte)).join('') : value;
            const all = await Promise.all(names.map((name) => new Promise((found) => {
              transaction.objectStore(name).getAll().onsuccess = ({ target }) => found(target.result);
            })));
            resolve(JSON.stringify(all, latin));
          };
        })`,
      );
      expect(text).toContain('review.added');
      for (const secret of ['Miller', 'film.png', 'effusion']) expect(text).not.toContain(secret);
    });
  });
});
