import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeCrypto } from '../../server/keys/node-crypto.ts';
import { ann } from '../../tests/fixtures/fold-steps.ts';
import { clinic, film, testDevice } from '../../tests/fixtures/test-device.ts';
import { testSigner } from '../../tests/fixtures/test-signer.ts';
import { backOffMs } from './back-off.ts';
import { type ChainContext, nextEntries, signHead } from './chain.ts';
import { append } from './device-log.ts';
import { bodyHash, deviceIdOf, entryHash, isSoundHead } from './entry.ts';
import { mayWrite, type OfflineGrant } from './grant.ts';
import { observe, tick } from './hybrid-clock.ts';

const seed = 20261123;
const device = deviceIdOf(testSigner('tablet').publicKey, nodeCrypto);
const context: ChainContext = {
  clinic,
  device,
  verified: null,
  now: 1000,
  randomBytes: (length) => new Uint8Array(length).fill(7),
  crypto: nodeCrypto,
};
const said = { kind: 'preference.set', entity: 'zoom', actor: ann, body: { value: 1 } };

describe('the clock of a device', () => {
  it('never goes back, and is the wall clock wherever that goes forward', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ now: fc.nat(1e6), seen: fc.option(fc.nat(1e6)) })), (events) => {
        let last: readonly [number, number] | null = null;
        for (const { now, seen } of events) {
          const next = tick(last, now);
          if (last !== null)
            expect(next[0] > last[0] || (next[0] === last[0] && next[1] > last[1])).toBe(true);
          expect(next[0]).toBeGreaterThanOrEqual(now);
          if (last === null || now > last[0]) expect(next).toEqual([now, 0]);
          last = seen === null ? next : observe(next, seen);
          if (seen !== null) expect(last[0]).toBeGreaterThanOrEqual(seen);
        }
      }),
      { seed },
    );
  });

  it('takes any wall clock', () => {
    expect(tick(null, -5)).toEqual([0, 0]);
    expect(tick(null, 1e300)).toEqual([253_402_300_799_999, 0]);
    expect(tick(null, 1.9)).toEqual([1, 0]);
  });
});

describe('a chain', () => {
  it('links each entry to the one before, by hash, number and time', () => {
    const made = nextEntries([said, said, said], { last: null, clock: null }, context);
    expect(made.map(({ entry }) => entry.n)).toEqual([1, 2, 3]);
    expect(made.map(({ entry }) => entry.ts)).toEqual([
      [1000, 0],
      [1000, 1],
      [1000, 2],
    ]);
    made.forEach(({ h, entry, body }, index) => {
      expect(entry.prev).toBe(made[index - 1]?.h ?? null);
      expect(h).toBe(entryHash(entry, nodeCrypto));
      expect(entry.bodyHash).toBe(bodyHash(body!.salt, body!.text, nodeCrypto));
    });
  });

  it('is vouched for by the device alone', async () => {
    const [entry] = nextEntries([said], { last: null, clock: null }, context);
    expect(await isSoundHead(await signHead(entry!, testSigner('tablet')), nodeCrypto)).toBe(true);
    expect(await isSoundHead(await signHead(entry!, testSigner('laptop')), nodeCrypto)).toBe(false);
  });

  it.each([
    { ...said, body: { other: 1 } },
    { ...said, kind: 'Preference' },
    { ...said, actor: 'nobody' },
    { ...said, basedOn: ['x'] },
  ])('takes nothing that its kind does not allow', (wrong) => {
    expect(() => nextEntries([wrong], { last: null, clock: null }, context)).toThrow(TypeError);
  });
});

describe('the leave to work without the hub', () => {
  const grant: OfflineGrant = { clinic, device, user: ann, role: 'doctor', expiresAt: 5000 };
  const review = { kind: 'review.added', actor: ann, device };

  it('is needed for readings, and for nothing else', () => {
    expect(mayWrite(grant, review, 4999)).toBe(true);
    expect(mayWrite(grant, review, 5000)).toBe(false);
    expect(mayWrite(null, review, 0)).toBe(false);
    expect(mayWrite(null, { ...review, kind: 'image.added' }, 9e15)).toBe(true);
    expect(mayWrite(null, { ...review, kind: 'ward.moved' }, 9e15)).toBe(true);
  });

  it.each([{ device: 'f'.repeat(32) }, { user: clinic }, { role: 'user' as const }])(
    'is of one person, device and role: %o',
    (other) => {
      expect(mayWrite({ ...grant, ...other }, review, 0)).toBe(false);
    },
  );

  it('keeps the device from signing when it has ended, and from nothing else', async () => {
    const tablet = testDevice('tablet', ann);
    const parts = { ...tablet.parts, grant: async () => null };
    const body = { findings: [], results: [] };
    const signed = append(parts, [{ kind: 'review.added', entity: film, actor: ann, body }]);
    await expect(signed).rejects.toMatchObject({ code: 'sync.grant-expired' });
    expect(await append(parts, [said])).toHaveLength(1);
    expect(await tablet.store.counts()).toMatchObject({ entries: 1, outbox: 1 });
  });
});

describe('waiting before the next try', () => {
  it('grows to a minute, is never the same for all, and is never shorter than the hub asked for', () => {
    expect([1, 2, 3, 10, 1000].map((failures) => backOffMs(failures, 1))).toEqual([
      1000, 2000, 4000, 60_000, 60_000,
    ]);
    expect(backOffMs(1, 0)).toBe(500);
    expect(backOffMs(1, 0.5, 7000)).toBe(7000);
  });
});
