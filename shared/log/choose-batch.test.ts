import { describe, expect, it } from 'vitest';
import { ann, ben } from '../../tests/fixtures/fold-steps.ts';
import { testDevice } from '../../tests/fixtures/test-device.ts';
import { chooseBatch } from './choose-batch.ts';
import type { DeviceStore, OutboxItem } from './device-store.ts';
import type { SignedHead } from './entry.ts';

const opened = { kind: 'audit.opened', body: {} };

/** The outboxes of several devices as one, each chain up to heads that are far apart. */
async function outboxOf(...chains: { name: string; appends: readonly number[] }[]) {
  const items: OutboxItem[] = [];
  const heads: SignedHead[] = [];
  for (const { name, appends } of chains) {
    const device = testDevice(name, name === 'tablet' ? ann : ben);
    for (const count of appends) await device.say(...Array.from({ length: count }, () => opened));
    const own = await device.store.outbox(10_000);
    items.push(...own);
    heads.push(...(await device.store.heads(own.map(({ h }) => h))));
  }
  const mixed = items.sort((a, b) => a.entry.n - b.entry.n);
  const store: Pick<DeviceStore, 'outbox' | 'chain' | 'heads'> = {
    outbox: async (limit) => mixed.slice(0, limit),
    chain: async (device, from, limit) =>
      mixed.filter(({ entry }) => entry.device === device && entry.n >= from).slice(0, limit),
    heads: async (hs) => heads.filter(({ h }) => hs.includes(h)),
  };
  return { store, mixed };
}

const limits = { entries: 10, bodyLength: 1e6 };

describe('the next batch', () => {
  it('is nothing when there is nothing to send', async () => {
    const { store } = await outboxOf();
    expect(await chooseBatch(store, limits)).toBeUndefined();
  });

  it('ends every chain at a head', async () => {
    const { store } = await outboxOf({ name: 'tablet', appends: [3, 3, 6] });
    const { items, heads } = (await chooseBatch(store, limits))!;
    expect(items.map(({ entry }) => entry.n)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(heads.map(({ n }) => n)).toEqual([6]);
  });

  it('sends a chain alone whose head lies behind what others fill', async () => {
    const { store, mixed } = await outboxOf(
      { name: 'tablet', appends: [9] },
      { name: 'laptop', appends: [9] },
    );
    const { items, heads } = (await chooseBatch(store, limits))!;
    expect(items).toHaveLength(9);
    expect(new Set(items.map(({ entry }) => entry.device))).toEqual(new Set([mixed[0]!.entry.device]));
    expect(heads).toHaveLength(1);
  });

  it('is small enough for the hub, and never nothing', async () => {
    const { store } = await outboxOf({ name: 'tablet', appends: [1, 1, 1, 1] });
    const text = (await store.outbox(1))[0]!.body!.text.length;
    const few = await chooseBatch(store, { entries: 10, bodyLength: 2 * text });
    expect(few!.items).toHaveLength(2);
    expect((await chooseBatch(store, { entries: 10, bodyLength: 0 }))!.items).toHaveLength(1);
  });

  it('does not count a head that a stranger signed', async () => {
    const { store, mixed } = await outboxOf({ name: 'tablet', appends: [2, 2] });
    const strange = async (hs: readonly string[]): Promise<SignedHead[]> =>
      (await store.heads(hs)).map((head) => (head.n === 4 ? { ...head, device: 'f'.repeat(32) } : head));
    const { items } = (await chooseBatch({ ...store, heads: strange }, limits))!;
    expect(items).toEqual(mixed.slice(0, 2));
  });

  it('takes along what has left the outbox already, up to the head that covers the rest', async () => {
    const { store, mixed } = await outboxOf({ name: 'tablet', appends: [4, 2] });
    // The second one alone is asked for again: only the head of the fourth covers it.
    const again = { ...store, outbox: async () => mixed.slice(1, 2) };
    const { items, heads } = (await chooseBatch(again, limits))!;
    expect(items.map(({ entry }) => entry.n)).toEqual([2, 3, 4]);
    expect(heads.map(({ n }) => n)).toEqual([4]);
  });

  it('never sends a part of what one head covers, however small a batch has to be', async () => {
    const { store } = await outboxOf({ name: 'tablet', appends: [3, 1] });
    const { items } = (await chooseBatch(store, { entries: 1, bodyLength: 1 }))!;
    expect(items.map(({ entry }) => entry.n)).toEqual([1, 2, 3]);
  });

  it('is empty while no head is held of what is in the outbox', async () => {
    const { store } = await outboxOf({ name: 'tablet', appends: [2] });
    expect(await chooseBatch({ ...store, heads: async () => [] }, limits)).toEqual({ items: [], heads: [] });
  });
});
