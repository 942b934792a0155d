import { beforeEach, describe, expect, it } from 'vitest';
import { ann, ben } from '../../tests/fixtures/fold-steps.ts';
import { film, identityOf, rowsText, testDevice } from '../../tests/fixtures/test-device.ts';
import { testSigner } from '../../tests/fixtures/test-signer.ts';
import { FakeSyncHub } from '../../tests/hub/fake-sync-hub.ts';
import { nodeCrypto } from '../../server/keys/node-crypto.ts';
import { AppError } from '../kernel/errors.ts';
import { append } from './device-log.ts';
import type { PullAnswer, PushAnswer } from './exchange.ts';
import { reviewState } from './fold/image-state.ts';
import { pullAll, pushAll, runSync, syncOnce, type SyncState } from './sync-engine.ts';
import type { SyncTransport } from './sync-transport.ts';

let hub: FakeSyncHub;

async function twoDevices() {
  const tablet = testDevice('tablet', ann);
  const laptop = testDevice('laptop', ben);
  for (const id of [ann, ben]) {
    await hub.say({ kind: 'user.approved', entity: id, actor: 'hub', body: { role: 'doctor' } });
  }
  await hub.enrol(tablet.device, ann);
  await hub.enrol(laptop.device, ben);
  return { tablet, laptop };
}

type Device = ReturnType<typeof testDevice>;
const sync = ({ store }: Device, transport: SyncTransport = hub) =>
  syncOnce({ store, transport, crypto: nodeCrypto });

/** The hub with some answers changed. */
const altered = (change: {
  push?: (answer: PushAnswer) => PushAnswer;
  pull?: (answer: PullAnswer) => PullAnswer;
}): SyncTransport => ({
  push: async (request) => (change.push ?? ((same) => same))(await hub.push(request)),
  pull: async (request) => (change.pull ?? ((same) => same))(await hub.pull(request)),
});

beforeEach(() => {
  hub = new FakeSyncHub();
});

describe('two devices and a hub', () => {
  it('come to the same rows, and each has what the other wrote', async () => {
    const { tablet, laptop } = await twoDevices();
    await tablet.say({});
    const [first] = await tablet.review();
    const [second] = await laptop.review();
    expect(await sync(tablet)).toMatchObject({ delivered: 2 + 0, isSettled: true });
    await sync(laptop);
    await sync(tablet);
    expect(await rowsText(tablet.store)).toBe(await rowsText(laptop.store));
    expect(await rowsText(tablet.store)).toBe(await hub.rowsText());
    const row = await tablet.store.row('images', film);
    expect(reviewState(row!.clear)).toEqual({
      state: 'discordant',
      standing: [first!.h, second!.h].sort(),
    });
    expect(await tablet.store.counts()).toMatchObject({ outbox: 0, waiting: 0, aside: 0 });
  });

  it('send more than fits into one push, and many small ones over one head', async () => {
    const { tablet, laptop } = await twoDevices();
    for (let at = 0; at < 3; at++) {
      await tablet.say(...Array.from({ length: 400 }, () => ({ kind: 'audit.opened', body: {} })));
    }
    await sync(tablet);
    await sync(laptop);
    expect(await laptop.store.counts()).toMatchObject({ entries: hub.size, outbox: 0 });
    expect(hub.size).toBe(1200 + 5);
  });

  it('write what the device had verified into the next entry', async () => {
    const { tablet } = await twoDevices();
    await sync(tablet);
    const [added] = await tablet.say({});
    const { verified } = await tablet.store.state();
    expect(added!.entry.seen).toEqual({ epoch: verified!.epoch, size: verified!.size, root: verified!.root });
    expect(verified!.size).toBe(hub.size);
  });
});

describe('a device that sends before it has taken anything', () => {
  it('has its receipts, and all of it again when the hub has lost it by then', async () => {
    const { tablet } = await twoDevices();
    const copy = hub.backup();
    const [added] = await tablet.say({});
    const parts = { store: tablet.store, transport: hub, crypto: nodeCrypto };
    expect(await pushAll(parts)).toMatchObject({ delivered: 1, isStuck: false, newEpoch: false });
    expect(await tablet.store.counts()).toMatchObject({ outbox: 0, waiting: 1 });
    hub.restore(copy);
    await sync(tablet);
    expect(hub.hashes).toContain(added!.h);
    expect(await tablet.store.counts()).toMatchObject({ outbox: 0, waiting: 0 });
  });
});

describe('a profile whose key is not that of its chain', () => {
  it('writes nothing until it is enrolled again', async () => {
    const { tablet } = await twoDevices();
    const parts = { ...tablet.parts, signer: testSigner('half enrolled') };
    const said = { kind: 'audit.opened', entity: film, actor: ann, body: {} };
    await expect(append(parts, [said])).rejects.toMatchObject({ code: 'log.chain-broken' });
    expect(await tablet.store.counts()).toMatchObject({ entries: 0 });
  });
});

describe('a reply that is lost', () => {
  it('costs nothing: what was sent twice is there once', async () => {
    const { tablet } = await twoDevices();
    await tablet.review();
    const deaf: SyncTransport = {
      pull: (request) => hub.pull(request),
      push: async (request) => {
        await hub.push(request);
        throw new AppError('network.unreachable', 'cut off');
      },
    };
    await expect(sync(tablet, deaf)).rejects.toMatchObject({ code: 'network.unreachable' });
    expect(await tablet.store.counts()).toMatchObject({ outbox: 1 });
    await sync(tablet);
    expect(hub.size).toBe(5 + 1);
    expect(await tablet.store.counts()).toMatchObject({ outbox: 0, waiting: 0 });
  });
});

describe('a hub that was restored from a copy', () => {
  it('gets again what it had confirmed to one window, when that hears of it after another one took the new order', async () => {
    const { tablet } = await twoDevices();
    await sync(tablet);
    const copy = hub.backup();
    const [added] = await tablet.say({});
    const frozen: SyncTransport = {
      pull: (request) => hub.pull(request),
      push: async (request) => {
        const answer = await hub.push(request);
        hub.restore(copy);
        // Another device shows what it had seen of the order before.
        const verified = answer.receipt!.checkpoint;
        await hub.pull({ protocol: 1, epoch: verified.epoch, cursor: 0, limit: 1, bodies: false, verified });
        await pullAll({ store: tablet.store, transport: hub, crypto: nodeCrypto });
        frozen.push = (again) => hub.push(again);
        return answer;
      },
    };
    await sync(tablet, frozen);
    expect(hub.hashes).toContain(added!.h);
    expect(await tablet.store.counts()).toMatchObject({ outbox: 0, waiting: 0 });
  });

  it('is never sent a part of what one head covers, whatever it asks for meanwhile', async () => {
    const { tablet } = await twoDevices();
    const copy = hub.backup();
    const [, second] = await tablet.say({}, {}, {});
    await sync(tablet);
    hub.restore(copy);
    // Asked for by a page of the order before, and sent before the new one was taken.
    await tablet.store.requeue([second!.h]);
    await pushAll({ store: tablet.store, transport: hub, crypto: nodeCrypto });
    expect(hub.hashes).toContain(second!.h);
    expect(await sync(tablet)).toMatchObject({ isSettled: true });
    expect(await tablet.store.counts()).toMatchObject({ outbox: 0, aside: 0, waiting: 0 });
  });

  it('gets back what any device holds, own or others’', async () => {
    const { tablet, laptop } = await twoDevices();
    const old = hub.backup();
    await tablet.say({});
    const [first] = await tablet.review();
    await sync(tablet);
    await sync(laptop);
    await hub.say({ kind: 'user.role-set', entity: ben, actor: 'hub', body: { role: 'user' } });
    await sync(laptop);
    const before = hub.hashes;
    hub.restore(old);
    // The tablet is gone for good; the laptop alone brings its entries, and those of the hub's lost process.
    expect(await sync(laptop)).toMatchObject({ isSettled: true });
    expect(hub.hashes.toSorted()).toEqual(before.toSorted());
    expect(await rowsText(laptop.store)).toBe(await hub.rowsText());
    expect((await laptop.store.row('users', ben))?.clear.role).toBe('user');
    expect(hub.hashes).toContain(first!.h);
    await sync(tablet);
    expect(await rowsText(tablet.store)).toBe(await hub.rowsText());
  });

  it('gets back what an entry says from whoever holds it, when the entry came back without', async () => {
    const { tablet, laptop } = await twoDevices();
    const copy = hub.backup();
    const [added] = await tablet.say({});
    const hash = added!.entry.bodyHash!;
    await sync(tablet);
    // Headers go to every device of a clinic; what they say only to those who may read it.
    const withoutBody = altered({
      pull: (answer) => ({ ...answer, bodies: answer.bodies.filter(({ bodyHash }) => bodyHash !== hash) }),
    });
    await sync(laptop, withoutBody);
    hub.restore(copy);
    await sync(laptop, withoutBody);
    expect(hub.hashes).toContain(added!.h);
    expect(hub.bodies).not.toContain(hash);
    await sync(tablet);
    expect(hub.bodies).toContain(hash);
    expect(await tablet.store.counts()).toMatchObject({ outbox: 0, waiting: 0 });
  });

  it('is noticed by one receipt alone, before anything was pulled', async () => {
    const { tablet } = await twoDevices();
    await sync(tablet);
    const old = hub.backup();
    await tablet.review();
    let pushed = false;
    const cut: SyncTransport = {
      push: async (request) => {
        pushed = true;
        return hub.push(request);
      },
      pull: async (request) => {
        if (pushed) throw new AppError('network.unreachable', 'cut off');
        return hub.pull(request);
      },
    };
    await expect(sync(tablet, cut)).rejects.toThrow('cut off');
    expect(await tablet.store.counts()).toMatchObject({ outbox: 0, waiting: 1 });
    hub.restore(old);
    await sync(tablet);
    expect(hub.size).toBe(5 + 1);
    expect(await tablet.store.counts()).toMatchObject({ outbox: 0, waiting: 0 });
  });
});

describe('what a hub says is not believed', () => {
  const flip = (hex: string): string => (hex.startsWith('0') ? '1' : '0') + hex.slice(1);
  it.each<[string, (answer: PullAnswer) => PullAnswer]>([
    [
      'a root it did not sign',
      (a) => ({ ...a, checkpoint: { ...a.checkpoint, root: flip(a.checkpoint.root) } }),
    ],
    [
      'a tree that grew without entries',
      (a) => ({ ...a, checkpoint: { ...a.checkpoint, size: a.checkpoint.size + 1 } }),
    ],
    [
      'an entry with another word',
      (a) => ({ ...a, entries: a.entries.map((e) => ({ ...e, entry: { ...e.entry, entity: 'x' } })) }),
    ],
    [
      'another time',
      (a) => ({
        ...a,
        entries: a.entries.map((e) => ({ ...e, place: { ...e.place, recvAt: e.place.recvAt - 1 } })),
      }),
    ],
    ['entries in another order', (a) => ({ ...a, entries: a.entries.toReversed() })],
    ['one entry fewer', (a) => ({ ...a, entries: a.entries.slice(1), next: Math.max(a.next - 1, 0) })],
    [
      'an end that is none',
      (a) => ({ ...a, entries: a.entries.slice(0, 1), next: Math.min(a.next, 1), end: true }),
    ],
    ['heads of nobody', (a) => ({ ...a, heads: [] })],
    [
      'a head with another signature',
      (a) => ({
        ...a,
        heads: a.heads.map((h) => ({
          ...h,
          sig: `A${h.sig.slice(1)}` === h.sig ? `B${h.sig.slice(1)}` : `A${h.sig.slice(1)}`,
        })),
      }),
    ],
    ['a body with another text', (a) => ({ ...a, bodies: a.bodies.map((b) => ({ ...b, text: '{}' })) })],
    ['a page that leads nowhere', (a) => ({ ...a, entries: [], next: 0, end: false })],
  ])('%s', async (_, change) => {
    const { tablet } = await twoDevices();
    const onEntries = (answer: PullAnswer): PullAnswer =>
      answer.entries.length === 0 ? answer : change(answer);
    await expect(sync(tablet, altered({ pull: onEntries }))).rejects.toMatchObject({
      code: 'log.hub-inconsistent',
    });
    expect((await tablet.store.state()).cursor).toBe(0);
    expect(await sync(tablet)).toMatchObject({ isSettled: true });
  });

  it('a tree that is not the one it signed before', async () => {
    const { tablet } = await twoDevices();
    await sync(tablet);
    await hub.say({ kind: 'user.role-set', entity: ben, actor: 'hub', body: { role: 'user' } });
    await expect(
      sync(tablet, altered({ pull: (a) => ({ ...a, proof: a.proof.map(flip) }) })),
    ).rejects.toMatchObject({ code: 'log.hub-inconsistent' });
  });

  it('a delivery without a receipt of the pinned key', async () => {
    const { tablet } = await twoDevices();
    await tablet.review();
    const none = await hub.push({
      protocol: 1,
      epoch: null,
      entries: [],
      heads: [],
      bodies: [],
    });
    expect(none.stored).toEqual([]);
    const without = altered({ push: (answer) => ({ ...answer, receipt: undefined }) });
    expect(await sync(tablet, without)).toMatchObject({ delivered: 0, isSettled: false });
    const forged = altered({
      push: (answer) => ({ ...answer, receipt: { ...answer.receipt!, sig: answer.receipt!.checkpoint.sig } }),
    });
    await expect(sync(tablet, forged)).rejects.toMatchObject({ code: 'log.hub-inconsistent' });
    expect(await tablet.store.counts()).toMatchObject({ outbox: 1 });
  });
});

describe('a profile that was copied', () => {
  it('is noticed, keeps both sides, and goes on with a new key', async () => {
    const { tablet } = await twoDevices();
    const copy = testDevice('tablet', ann, { now: () => 1_700_000_000_500 });
    await sync(tablet);
    await sync(copy);
    await tablet.review([], 'one');
    await copy.review([], 'other');
    await sync(tablet);
    await sync(copy);
    expect((await copy.store.state()).broken?.why).toBe('forked');
    await expect(copy.review()).rejects.toMatchObject({ code: 'log.forked' });
    expect(hub.size).toBe(5 + 2);
    const identity = identityOf('tablet again');
    await copy.store.beginChain(identity);
    await hub.enrol(identity.device, ann);
    const fresh = { ...copy, parts: { ...copy.parts, signer: testSigner('tablet again') } };
    expect((await fresh.store.state()).last).toBeNull();
  });

  it('is the same device when it only fell behind', async () => {
    const { tablet } = await twoDevices();
    const copy = testDevice('tablet', ann);
    await tablet.review();
    await sync(tablet);
    await sync(copy);
    const [next] = await copy.review();
    expect(next!.entry.n).toBe(2);
    await sync(copy);
    expect((await copy.store.state()).broken).toBeNull();
  });

  it('goes on behind the time of its own entries that it had forgotten', async () => {
    await twoDevices();
    const copy = testDevice('tablet', ann);
    const ahead = testDevice('tablet', ann, { now: () => hub.now + 86_400_000 });
    const [last] = await ahead.review();
    await sync(ahead);
    await sync(copy);
    const [next] = await copy.review();
    expect(next!.entry.ts[0]).toBeGreaterThanOrEqual(last!.entry.ts[0]);
    expect(next!.entry.ts).not.toEqual(last!.entry.ts);
  });
});

describe('a refusal', () => {
  it('sets aside what it names and what stands on it, and blocks nobody else', async () => {
    const { tablet, laptop } = await twoDevices();
    const [bad] = await tablet.review();
    await tablet.review();
    hub.refuse.set(bad!.h, 'log.bad-entry');
    expect(await sync(tablet)).toMatchObject({ delivered: 0, setAside: 2 });
    expect((await tablet.store.aside(10)).map(({ code }) => code)).toEqual([
      'log.bad-entry',
      'log.missing-parent',
    ]);
    expect((await tablet.store.state()).broken).toMatchObject({ why: 'rejected', n: 1 });
    await expect(tablet.review()).rejects.toMatchObject({ code: 'log.chain-broken' });
    await laptop.review();
    expect(await sync(laptop)).toMatchObject({ delivered: 1 });
  });
});

describe('the engine left running', () => {
  const run = async (device: Device, transport: SyncTransport, rounds: number) => {
    const states: SyncState[] = [];
    const stop = { aborted: false };
    const waits: number[] = [];
    await runSync(
      {
        store: device.store,
        transport,
        crypto: nodeCrypto,
        random: () => 0.5,
        wait: async (ms) => {
          waits.push(ms);
          if (waits.length === rounds) stop.aborted = true;
        },
      },
      stop,
      (state) => states.push(state),
    );
    return { states, waits };
  };

  it('waits longer with every failure, as long as the hub asks, and comes back', async () => {
    const { tablet } = await twoDevices();
    let calls = 0;
    const failing: SyncTransport = {
      push: (request) => hub.push(request),
      pull: (request) => {
        calls++;
        if (calls < 3) throw new AppError('network.unreachable', 'no line');
        if (calls === 3) throw new AppError('sync.slow-down', 'busy', { details: { retryAfterMs: 90_000 } });
        return hub.pull(request);
      },
    };
    const { states, waits } = await run(tablet, failing, 4);
    expect(waits).toEqual([750, 1500, 90_000, 30_000]);
    expect(states.map(({ state }) => state)).toEqual(['waiting', 'waiting', 'waiting', 'settled']);
  });

  it('stops where a person has to do something', async () => {
    const { tablet } = await twoDevices();
    const shut: SyncTransport = {
      push: (request) => hub.push(request),
      pull: () => Promise.reject(new AppError('sync.revoked-device', 'shut out')),
    };
    const { states } = await run(tablet, shut, 10);
    expect(states).toHaveLength(1);
    expect(states[0]).toMatchObject({ state: 'stopped', failure: { code: 'sync.revoked-device' } });
  });
});
