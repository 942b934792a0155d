import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeCrypto } from '../../server/keys/node-crypto.ts';
import { append } from '../../shared/log/device-log.ts';
import type { DeviceIdentity, DeviceStore } from '../../shared/log/device-store.ts';
import type { DeviceTables } from '../../shared/log/device-tables.ts';
import { reviewState } from '../../shared/log/fold/image-state.ts';
import { openDeviceStore } from '../../shared/log/open-device-store.ts';
import { syncOnce } from '../../shared/log/sync-engine.ts';
import { ann } from '../fixtures/fold-steps.ts';
import { aFilm, film, identityOf, rowsText, testDevice } from '../fixtures/test-device.ts';
import { testSigner } from '../fixtures/test-signer.ts';
import { FakeSyncHub } from '../hub/fake-sync-hub.ts';

export interface OpenedTables {
  readonly tables: DeviceTables;
  /** The same tables, opened again as another program would. */
  again(): Promise<DeviceTables>;
  close(): Promise<void>;
}

/** What every keeper of a device's log must do, whatever it is made of. */
export function deviceStoreContract(
  name: string,
  open: (identity: DeviceIdentity) => Promise<OpenedTables>,
): void {
  describe(`a device's store: ${name}`, () => {
    let opened: OpenedTables;
    let device: ReturnType<typeof testDevice>;
    let store: DeviceStore;
    let hub: FakeSyncHub;
    const sync = () => syncOnce({ store, transport: hub, crypto: nodeCrypto });

    beforeEach(async () => {
      opened = await open(identityOf('tablet'));
      device = testDevice('tablet', ann, { tables: opened.tables });
      store = device.store;
      hub = new FakeSyncHub();
      await hub.say({ kind: 'user.approved', entity: ann, actor: 'hub', body: { role: 'doctor' } });
      await hub.enrol(device.device, ann);
    });
    afterEach(() => opened.close());

    it('begins empty, as the device that it was made for', async () => {
      const state = await store.state();
      expect(state).toMatchObject({ identity: device.identity, last: null, epoch: null, cursor: 0 });
      expect(await store.counts()).toEqual({ entries: 0, outbox: 0, aside: 0, waiting: 0 });
    });

    it('keeps entry, body, head, rows, outbox and blob of an append together', async () => {
      const [added] = await device.say({});
      const [item] = await store.outbox(10);
      expect(item).toEqual(added);
      expect((await store.entries([added!.h])).get(added!.h)).toEqual(added!.entry);
      expect(await store.heads([added!.h])).toMatchObject([{ n: 1, h: added!.h, device: device.device }]);
      const row = await store.row('images', film);
      expect(row?.personal).toEqual({ [added!.h]: { fileName: 'film.png' } });
      expect((await store.state()).last).toEqual({ n: 1, h: added!.h });
    });

    it('takes no append that was made for another end of the chain', async () => {
      const [first] = await device.say({});
      const [item] = await store.outbox(1);
      const [head] = await store.heads([first!.h]);
      const own = { entries: [item!], head: head!, blobs: [] };
      expect(await store.append(own, null)).toBe('moved');
      expect(await store.counts()).toMatchObject({ entries: 1 });
    });

    it('lets two programs write at once: each entry once, in one chain', async () => {
      const other = testDevice('tablet', ann, { tables: await opened.again() });
      await Promise.all(Array.from({ length: 12 }, (_, index) => (index % 2 === 0 ? device : other).say({})));
      const items = await store.outbox(100);
      expect(items.map(({ entry }) => entry.n)).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
      items.forEach(({ entry }, index) => expect(entry.prev).toBe(items[index - 1]?.h ?? null));
    });

    it('has everything when it is opened again', async () => {
      await device.say({});
      await sync();
      await device.review();
      const before = {
        state: await store.state(),
        counts: await store.counts(),
        rows: await rowsText(store),
      };
      const again = openDeviceStore(await opened.again());
      expect({
        state: await again.state(),
        counts: await again.counts(),
        rows: await rowsText(again),
      }).toEqual(before);
    });

    it('empties the outbox by receipts alone, and keeps them', async () => {
      const [added] = await device.say({});
      await sync();
      expect(await store.counts()).toMatchObject({ outbox: 0, waiting: 0 });
      const receipts = await store.receipts();
      expect(receipts.flatMap(({ placements }) => placements).map(({ h }) => h)).toEqual([added!.h]);
    });

    it('keeps a receipt of another epoch, and what it names in the outbox', async () => {
      await device.say({});
      await sync();
      const { epoch } = await store.state();
      const [receipt] = await store.receipts();
      const [added] = await device.say({});
      const placement = { ...receipt!.placements[0]!, h: added!.h };
      const late = { ...receipt!, placements: [placement] };
      await store.startEpoch('e'.repeat(32), { epoch });
      await store.acknowledge(late);
      expect(await store.counts()).toMatchObject({ outbox: 1 });
      expect(await store.state()).toMatchObject({ pledged: null });
      expect(await store.receipts()).toEqual([receipt, late]);
    });

    it('remembers the later of two receipts of one tree', async () => {
      await device.say({});
      await sync();
      const [receipt] = await store.receipts();
      const { checkpoint } = receipt!;
      const later = { ...receipt!, checkpoint: { ...checkpoint, at: checkpoint.at + 1 } };
      for (const known of [receipt!, later, receipt!]) await store.acknowledge(known);
      expect(await store.state()).toMatchObject({ pledged: later.checkpoint });
    });

    it('reads a chain from any entry on, in the outbox or not', async () => {
      for (let count = 0; count < 4; count++) {
        await device.say({});
        if (count === 1) await sync();
      }
      const ns = async (from: number, limit: number) =>
        (await store.chain(device.device, from, limit)).map(({ entry }) => entry.n);
      expect(await ns(2, 10)).toEqual([2, 3, 4]);
      expect(await ns(1, 2)).toEqual([1, 2]);
      expect(await store.chain('9'.repeat(32), 1, 10)).toEqual([]);
    });

    it('lists all that it holds by device and n, both sides of a fork at once', async () => {
      const twin = testDevice('ship', ann);
      const other = testDevice('ship', ann, { now: () => 1_700_000_000_500 });
      const carried = async (from: typeof twin): Promise<void> => {
        const items = await from.store.outbox(10);
        const heads = await from.store.heads(items.map(({ h }) => h));
        const entries = items.map((item) => ({ ...item, vouched: false, index: null }));
        await store.carry({ entries, heads, blobs: [], epoch: null });
      };
      for (const from of [twin, other]) {
        await from.say({});
        await from.say({});
        await carried(from);
      }
      await device.say({});
      for (const limit of [1, 2, 3, 5]) {
        const seen: string[] = [];
        let after: { device: string; n: number } | null = null;
        for (;;) {
          const page = await store.held(after, limit);
          const last = page.at(-1)?.entry;
          if (last === undefined) break;
          const places = page.map(({ entry }) => `${entry.device} ${String(entry.n).padStart(3, '0')}`);
          expect(places).toEqual(places.toSorted());
          seen.push(...page.map(({ h }) => h));
          after = last;
        }
        expect([limit, seen.length, new Set(seen).size]).toEqual([limit, 5, 5]);
      }
      const [mine] = await store.items([(await store.outbox(1))[0]!.h]);
      expect(mine).toEqual((await store.outbox(1))[0]);
    });

    describe('what another device brought', () => {
      const broughtBy = async (from: ReturnType<typeof testDevice>) => {
        const items = await from.store.outbox(100);
        const heads = await from.store.heads(items.map(({ h }) => h));
        const entries = items.map((item) => ({ ...item, vouched: false, index: null as number | null }));
        return { entries, heads, blobs: [], epoch: null as string | null };
      };

      it('is shown at once, sent, and taken once', async () => {
        const ship = testDevice('ship', ann);
        await hub.enrol(ship.device, ann);
        const [added] = await ship.say({});
        await ship.review();
        const brought = await broughtBy(ship);
        expect(await store.carry(brought)).toEqual({ fresh: 2, known: 0, orphans: 0 });
        expect(await store.carry(brought)).toEqual({ fresh: 0, known: 2, orphans: 0 });
        expect((await store.row('images', film))?.personal).toMatchObject({
          [added!.h]: { fileName: 'film.png' },
        });
        expect(await store.counts()).toMatchObject({ entries: 2, outbox: 2 });
        await sync();
        expect(hub.hashes).toEqual(expect.arrayContaining(brought.entries.map(({ h }) => h)));
        expect(await store.counts()).toMatchObject({ outbox: 0, waiting: 0 });
        expect(await rowsText(store)).toBe(await hub.rowsText());
      });

      it('waits outside until what it stands on is here', async () => {
        const ship = testDevice('ship', ann);
        for (let count = 0; count < 3; count++) await ship.say({});
        const brought = await broughtBy(ship);
        const later = { ...brought, entries: brought.entries.slice(1) };
        expect(await store.carry(later)).toEqual({ fresh: 0, known: 0, orphans: 2 });
        expect(await store.counts()).toMatchObject({ entries: 0 });
        expect(await store.heads(brought.entries.map(({ h }) => h))).toEqual([]);
        expect(await store.carry(brought)).toEqual({ fresh: 3, known: 0, orphans: 0 });
      });

      it('is not sent where the hub has it in this order, and is where it turns out not to', async () => {
        const ship = testDevice('ship', ann);
        await hub.enrol(ship.device, ann);
        await sync();
        await ship.say({});
        const { epoch, cursor } = await store.state();
        const brought = await broughtBy(ship);
        const entries = brought.entries.map((one) => ({ ...one, index: cursor }));
        await store.carry({ ...brought, entries, epoch });
        expect(await store.counts()).toMatchObject({ outbox: 0, waiting: 1 });
        // Something else has that place.
        await hub.say({ kind: 'user.disabled', entity: 'somebody', actor: 'hub', body: {} });
        await sync();
        expect(hub.hashes).toContain(entries[0]!.h);
        expect(await store.counts()).toMatchObject({ outbox: 0, waiting: 0 });
      });

      it('of another order counts as not sent', async () => {
        await sync();
        const ship = testDevice('ship', ann);
        await ship.say({});
        const brought = await broughtBy(ship);
        const entries = brought.entries.map((one) => ({ ...one, index: 0 }));
        await store.carry({ ...brought, entries, epoch: 'e'.repeat(32) });
        expect(await store.counts()).toMatchObject({ outbox: 1, waiting: 0 });
      });

      it('completes what came here without its body, and never what was erased', async () => {
        const ship = testDevice('ship', ann);
        await hub.enrol(ship.device, ann);
        const [added] = await ship.say({});
        const brought = await broughtBy(ship);
        const without = brought.entries.map((one) => ({ ...one, body: null }));
        await store.carry({ ...brought, entries: without });
        expect((await store.row('images', film))?.personal).toEqual({});
        await store.carry(brought);
        expect((await store.row('images', film))?.personal).toHaveProperty(added!.h);
        await sync();
        await hub.say({
          kind: 'body.erased',
          entity: added!.entry.bodyHash!,
          actor: 'hub',
          basedOn: [added!.h],
          body: { reason: 'asked' },
        });
        await sync();
        expect(await store.carry(brought)).toEqual({ fresh: 0, known: 1, orphans: 0 });
        expect((await store.items([added!.h]))[0]).toMatchObject({ body: null });
        expect((await store.row('images', film))?.personal).toEqual({});
      });

      it('goes on this chain where it is the end of it that was lost, and breaks it where it is another end', async () => {
        const before = testDevice('tablet', ann);
        for (let count = 0; count < 2; count++) await before.say({});
        const lost = await broughtBy(before);
        await store.carry(lost);
        expect(await store.state()).toMatchObject({ last: { n: 2, h: lost.entries[1]!.h }, broken: null });
        const [next] = await device.say({});
        expect(next!.entry).toMatchObject({ n: 3, prev: lost.entries[1]!.h });
        await before.say({ body: { ...aFilm, fileName: 'another.png' } });
        const other = await broughtBy(before);
        await store.carry(other);
        expect((await store.state()).broken).toMatchObject({ why: 'forked', n: 3 });
      });
    });

    it('writes a page and its cursor together, or not at all', async () => {
      const { epoch } = await store.state();
      await sync();
      const before = await store.state();
      const next = { ...before, cursor: 99 };
      const nothing = { entries: [], heads: [], lacking: new Set<string>() };
      const empty = { ...nothing, end: false, confirmed: null, promised: null, next };
      const asked = { epoch, cursor: 0, last: null };
      expect(await store.applyPage(empty, asked)).toBe('moved');
      expect(await store.state()).toEqual(before);
      expect(await store.startEpoch('a'.repeat(32), { epoch: null })).toBe('moved');
    });

    it('has the rows of a full replay after the hub was restored', async () => {
      const backup = hub.backup();
      await device.say({});
      await device.review();
      await sync();
      await hub.say({ kind: 'user.disabled', entity: ann, actor: 'hub', body: {} });
      await device.review([], 'too late');
      await sync();
      expect((await store.rows('quarantine', { limit: 10 })).length).toBe(1);
      hub.restore(backup);
      await sync();
      expect(await rowsText(store)).toBe(await hub.rowsText());
      expect(await store.counts()).toMatchObject({ entries: hub.size, outbox: 0, waiting: 0, aside: 0 });
      expect((await store.state()).reconciling).toBe(false);
    });

    it('forgets an erased body for good', async () => {
      const [added] = await device.say({});
      await sync();
      const { bodyHash } = added!.entry;
      await hub.say({
        kind: 'body.erased',
        entity: bodyHash!,
        actor: 'hub',
        basedOn: [added!.h],
        body: { reason: 'asked' },
      });
      await sync();
      await store.requeue([added!.h]);
      expect((await store.outbox(1))[0]).toMatchObject({ h: added!.h, body: null });
      const row = await store.row('images', film);
      expect(row?.clear.added[added!.h]?.body).toBe('erased');
      expect(row?.personal).toEqual({});
    });

    it('sets aside with the reason, and counts it no more', async () => {
      const [first] = await device.say({});
      await store.setAside([{ h: first!.h, code: 'log.bad-entry' }]);
      expect(await store.aside(10)).toEqual([{ ...first!, code: 'log.bad-entry' }]);
      expect(await store.requeue([first!.h])).toBe(0);
      expect(await store.counts()).toEqual({ entries: 1, outbox: 0, aside: 1, waiting: 0 });
    });

    it('begins a new chain beside the broken one', async () => {
      const [old] = await device.say({});
      await store.markBroken({ why: 'forked', n: 1, hs: [old!.h] });
      await expect(device.say({})).rejects.toMatchObject({ code: 'log.forked' });
      const identity = identityOf('tablet again');
      await store.beginChain(identity);
      const again = testDevice('tablet again', ann, { tables: opened.tables });
      expect(again.device).toBe(identity.device);
      expect(again.parts.signer.publicKey).toEqual(testSigner('tablet again').publicKey);
      await hub.enrol(identity.device, ann);
      const [fresh] = await again.review();
      expect(fresh!.entry).toMatchObject({ n: 1, prev: null, device: identity.device });
      await sync();
      expect(hub.hashes).toEqual(expect.arrayContaining([old!.h, fresh!.h]));
      const standing = reviewState((await store.row('images', film))!.clear).standing;
      expect(standing).toEqual([fresh!.h]);
    });

    it('remembers which pictures are still to be uploaded', async () => {
      const blob = { sha256: 'b'.repeat(64), bytes: 10, type: 'image/png' };

      const said = { kind: 'preference.set', entity: 'zoom', actor: ann, body: { value: 1 } };
      await append(device.parts, [said], [blob]);
      expect(await store.blobsToUpload(10)).toEqual([blob]);
      await store.blobUploaded(blob.sha256);
      expect(await store.blobsToUpload(10)).toEqual([]);
    });

    it('pages through its rows by key', async () => {
      const names = ['c', 'a', 'b'].map((letter) => letter.repeat(64));
      for (const entity of names) await device.say({ entity });
      const first = await store.rows('images', { limit: 2 });
      expect(first.map(({ key }) => key[0])).toEqual(['a', 'b']);
      const rest = await store.rows('images', { after: first.at(-1)!.key, limit: 2 });
      expect(rest.map(({ key }) => key[0])).toEqual(['c']);
    });
  });
}
