import { randomBytes } from 'node:crypto';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toHex } from '../../shared/kernel/bytes.ts';
import { ann } from '../fixtures/fold-steps.ts';
import {
  type DatabaseShape,
  readingsVersions,
  recordsVersions,
  vaultVersions,
} from '../fixtures/stored-versions.ts';
import { identityOf, testDevice } from '../fixtures/test-device.ts';
import { mayGoWithout } from './open-browser.ts';
import { serveTables, tablesOf, type TablesServer } from './tables-page.ts';

/** In the page: what the database looks like now. */
function shapeIn(page: Page, name: string): Promise<DatabaseShape> {
  return page.evaluate(async (wanted) => {
    const database = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open(wanted);
      request.addEventListener('success', () => resolve(request.result));
    });
    const transaction = database.transaction([...database.objectStoreNames]);
    const stores = [...database.objectStoreNames].map((each) => {
      const { keyPath, autoIncrement, indexNames } = transaction.objectStore(each);
      const found = [...indexNames].map((index) => {
        const { name: indexName, keyPath: path } = transaction.objectStore(each).index(index);
        return { name: indexName, keyPath: path };
      });
      return { name: each, keyPath, autoIncrement, indexes: found };
    });
    database.close();
    return { name: wanted, version: database.version, stores };
  }, name);
}

/** In the page: a database of that shape, as an earlier version left it. */
function makeIn(
  page: Page,
  shape: DatabaseShape,
  contents: Readonly<Record<string, readonly unknown[]>>,
): Promise<void> {
  return page.evaluate(
    async ([{ name, version, stores }, filled]) => {
      const database = await new Promise<IDBDatabase>((resolve) => {
        const request = indexedDB.open(name, version);
        request.addEventListener('upgradeneeded', () => {
          for (const { name: each, keyPath, autoIncrement, indexes } of stores) {
            const path = keyPath as string | string[] | null;
            const made = request.result.createObjectStore(each, { keyPath: path, autoIncrement });
            for (const index of indexes) made.createIndex(index.name, index.keyPath as string | string[]);
            for (const value of filled[each] ?? []) made.put(value);
          }
        });
        request.addEventListener('success', () => resolve(request.result));
      });
      database.close();
    },
    [shape, contents] as const,
  );
}

describe.skipIf(mayGoWithout)('databases of earlier versions', () => {
  let server: TablesServer;
  let context: BrowserContext;
  let page: Page;
  const key = toHex(randomBytes(32));

  beforeAll(async () => {
    server = await serveTables();
  }, 120_000);
  afterAll(() => server.close());
  beforeEach(async () => {
    context = await server.browser.newContext();
    page = await server.openPage(context);
    return () => context.close();
  });

  it('are as the list says: who changes the tables raises the version and adds it to the list', async () => {
    await tablesOf(page, key, identityOf('tablet'));
    expect(await shapeIn(page, 'fieldray-records')).toEqual(recordsVersions.at(-1));
    await page.evaluate("tryPasswords([{ email: '', password: '' }])");
    expect(await shapeIn(page, 'fieldray-vault')).toEqual(vaultVersions.at(-1));
    await page.evaluate('listReadings()');
    expect(await shapeIn(page, 'fieldray')).toEqual(readingsVersions.at(-1));
  });

  it.each(recordsVersions)('records of version $version are opened and go on', async (shape) => {
    const { identity, store } = testDevice('tablet', ann);
    const state = { ...(await store.state()), cursor: 7 };
    await makeIn(page, shape, { meta: [{ id: 'state', version: 3, state }] });
    const tables = await tablesOf(page, key);
    expect(await tables.state()).toMatchObject({ version: 3, state: { identity, cursor: 7 } });
    const [added] = await testDevice('tablet', ann, { tables }).say({});
    expect((await tables.queued(10)).map(({ h }) => h)).toEqual([added!.h]);
    expect((await shapeIn(page, shape.name)).stores).toEqual(recordsVersions.at(-1)!.stores);
  });

  it.each(readingsVersions)('readings of version $version are listed', async (shape) => {
    const reading = { id: 'r1', fileName: 'IM1', bytes: 1, addedAt: 1, state: 'read', attempts: 1 };
    await makeIn(page, shape, { readings: [{ ...reading, synthetic: false, findings: [] }] });
    expect(await page.evaluate('listReadings()')).toMatchObject([reading]);
  });
});
