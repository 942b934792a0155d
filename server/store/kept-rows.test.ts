import { beforeEach, describe, expect, it } from 'vitest';
import type { Row } from './database.ts';
import { createKeptRows, type KeptRows } from './kept-rows.ts';

const select = { sql: 'SELECT name FROM people WHERE id = ?', args: [1] };
const change = { sql: 'UPDATE people SET name = ?', args: ['b'] };
const other = { sql: 'INSERT INTO places VALUES (1)', args: [] };

/** Something that is settled later by hand. */
function later<Value>() {
  let settle: { resolve: (value: Value) => void; reject: (error: Error) => void } | undefined;
  const promise = new Promise<Value>((resolve, reject) => (settle = { resolve, reject }));
  return { promise, ...settle! };
}

describe('rows that are kept', () => {
  let kept: KeptRows;
  let name: string;
  let asked: number;
  beforeEach(() => {
    kept = createKeptRows();
    name = 'a';
    asked = 0;
  });
  const ask = async (): Promise<readonly Row[]> => {
    asked++;
    return [{ name }];
  };
  const read = (): Promise<readonly Row[]> => kept.read(select, ['people'], ask);
  const becomes = (next: string) => async (): Promise<void> => {
    name = next;
  };

  it('are asked for once, and again after a write that names their table', async () => {
    expect([await read(), await read(), asked]).toEqual([[{ name: 'a' }], [{ name: 'a' }], 1]);
    await kept.writing([other], async () => undefined);
    expect([await read(), asked]).toEqual([[{ name: 'a' }], 1]);
    await kept.writing([other, change], becomes('b'));
    expect([await read(), asked]).toEqual([[{ name: 'b' }], 2]);
  });

  it('are asked for by their arguments', async () => {
    await read();
    await kept.read({ ...select, args: [2] }, ['people'], ask);
    expect(asked).toBe(2);
  });

  it('are not kept from before a write that began and ended meanwhile', async () => {
    const old = later<readonly Row[]>();
    const slow = kept.read(select, ['people'], () => old.promise);
    await kept.writing([change], becomes('b'));
    old.resolve([{ name: 'a' }]);
    await slow;
    expect(await read()).toEqual([{ name: 'b' }]);
  });

  it('are not kept from during a write, also of a table that nobody had read before', async () => {
    const commit = later<void>();
    const write = kept.writing([change], () => commit.promise);
    expect(await read()).toEqual([{ name: 'a' }]);
    name = 'b';
    commit.resolve();
    await write;
    expect(await read()).toEqual([{ name: 'b' }]);
  });

  it('are not trusted after a write that failed: it may have been stored', async () => {
    await read();
    const commit = later<void>();
    const write = kept.writing([change], () => commit.promise);
    name = 'b';
    commit.reject(new Error('the reply was lost'));
    await expect(write).rejects.toThrow('lost');
    expect(await read()).toEqual([{ name: 'b' }]);
  });

  it('do not keep a failure', async () => {
    const failing = kept.read(select, ['people'], () => Promise.reject(new Error('no disk')));
    await expect(failing).rejects.toThrow('no disk');
    expect(await read()).toEqual([{ name: 'a' }]);
  });

  it('are let go when there are too many', async () => {
    for (let id = 0; id < 8200; id++) await kept.read({ ...select, args: [id] }, ['people'], ask);
    const before = asked;
    await kept.read({ ...select, args: [0] }, ['people'], ask);
    await kept.read({ ...select, args: [8199] }, ['people'], ask);
    expect(asked).toBe(before + 1);
  });
});
