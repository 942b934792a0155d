import { expect, it } from 'vitest';
import { pullEndpoint } from '../../shared/api/sync.ts';
import { fromHex } from '../../shared/kernel/bytes.ts';
import { isExtension } from '../../shared/log/check-proof.ts';
import type { PullAnswer } from '../../shared/log/exchange.ts';
import {
  canonical,
  hashOfEntry,
  isSigned,
  isSoundCheckpoint,
  rootOfOrder,
  sha256,
} from './second-witness.ts';
import type { Stage } from './stage.ts';
import { review, type Written } from './test-device.ts';

const placesOf = (pages: readonly PullAnswer[]) =>
  pages.flatMap(({ entries }) => entries.map(({ place }) => place));

/** What is pulled, checked as a stranger would. */
export function pullContract(stage: () => Stage): void {
  it('gives the whole order without a gap, whatever the size of a page', async () => {
    const { doctor, pullAll } = stage();
    const whole = placesOf(await pullAll(doctor));
    expect(whole.map(({ index }) => index)).toEqual(whole.map((_, index) => index));
    expect(new Set(whole.map(({ h }) => h)).size).toBe(whole.length);
    expect(placesOf(await pullAll(doctor, 7))).toEqual(whole);
  });

  it('names each entry by its hash and shows a signed head for it', async () => {
    const { user, pullAll } = stage();
    for (const { entries, heads } of await pullAll(user, 5)) {
      for (const { entry, place } of entries) expect(hashOfEntry(entry)).toBe(place.h);
      for (const { clinic, device, n, h, key, sig } of heads) {
        expect(isSigned(key, sig, `head:1\n${canonical({ clinic, device, n, h })}`)).toBe(true);
        expect(sha256('device:1\n', Buffer.from(key, 'base64url')).toString('hex').slice(0, 32)).toBe(device);
      }
      for (const { entry } of entries) {
        expect(heads.some(({ device, n }) => device === entry.device && n >= entry.n)).toBe(true);
      }
    }
  });

  it('brings parents before their children', async () => {
    const { user, pullAll } = stage();
    const seen = new Set<string>();
    for (const { entries } of await pullAll(user, 3)) {
      for (const { entry, place } of entries) {
        if (entry.prev !== null) expect(seen).toContain(entry.prev);
        seen.add(place.h);
      }
    }
  });

  it('signs the tree of just that order', async () => {
    const { doctor, pullAll, rootKey, clinic } = stage();
    const pages = await pullAll(doctor);
    const { checkpoint } = pages.at(-1)!;
    const places = placesOf(pages);
    expect(isSoundCheckpoint(rootKey, checkpoint)).toBe(true);
    expect(checkpoint.clinic).toBe(clinic);
    expect(checkpoint.size).toBeGreaterThanOrEqual(places.length);
    const upTo = places.slice(0, checkpoint.size);
    expect(rootOfOrder(upTo)).toBe(checkpoint.root);
  });

  it('proves that the order was only appended to', async () => {
    const { doctor, page, push, pullAll } = stage();
    const before = (await pullAll(doctor)).at(-1)!;
    doctor.device.write(review('image-7', 'one more'));
    await push(doctor);
    const { epoch, next, checkpoint } = before;
    const after = await page(doctor, { epoch, cursor: next, verified: checkpoint });
    expect(after.checkpoint.size).toBeGreaterThan(checkpoint.size);
    const head = ({ size, root }: { size: number; root: string }) => ({ size, root: fromHex(root) });
    const proof = after.proof.map(fromHex);
    const crypto = { sha256: (bytes: Uint8Array) => sha256(bytes) };
    expect(isExtension(head(checkpoint), head(after.checkpoint), proof, crypto)).toBe(true);
    expect(
      isExtension(head({ ...checkpoint, root: '0'.repeat(64) }), head(after.checkpoint), proof, crypto),
    ).toBe(false);
  });

  it('gives the bodies that were written, to those who may read them', async () => {
    const { doctor, user, admin, pullAll } = stage();
    const bodies = (pages: readonly PullAnswer[]) =>
      new Map(pages.flatMap((one) => one.bodies.map(({ bodyHash, text }) => [bodyHash, text])));
    const kinds = (pages: readonly PullAnswer[], has: ReadonlyMap<string, string>) =>
      new Set(
        pages.flatMap(({ entries }) =>
          entries.flatMap(({ entry: { kind, bodyHash } }) =>
            bodyHash !== null && has.has(bodyHash) ? [kind] : [],
          ),
        ),
      );
    const pages = await pullAll(user);
    const forUser = bodies(pages);
    for (const { body } of doctor.device.chain) expect(forUser.get(body.bodyHash)).toBe(body.text);
    const isAudit = (kind: string): boolean => kind.startsWith('audit.');
    expect([...kinds(pages, forUser)].filter(isAudit)).toEqual([]);
    const adminPages = await pullAll(admin);
    expect([...kinds(adminPages, bodies(adminPages))].some(isAudit)).toBe(true);
  });

  it('leaves bodies out for those who want headers alone', async () => {
    const { client, user } = stage();
    const json = { protocol: 1, epoch: null, cursor: 0, limit: 500, bodies: false, verified: null };
    const { epoch } = await client.get(pullEndpoint, { token: user.token, json });
    const page = await client.get(pullEndpoint, { token: user.token, json: { ...json, epoch } });
    expect(page.entries.length).toBeGreaterThan(0);
    expect(page.bodies).toEqual([]);
  });

  it('sends a client of another epoch back to the start', async () => {
    const { user, page } = stage();
    const { epoch, next, entries } = await page(user, { epoch: 'ab'.repeat(16), cursor: 3 });
    expect(epoch).not.toBe('ab'.repeat(16));
    expect({ next, entries }).toEqual({ next: 0, entries: [] });
  });

  it('loses and doubles nothing when many devices push and pull at once', async () => {
    const { newSeat, push, pullAll, user, rootKey } = stage();
    const seats = await Promise.all(
      ['user', 'doctor', 'doctor', 'admin'].map((role) => newSeat(role as 'user')),
    );
    const written: Written[] = [];
    await Promise.all(
      seats.map(async (seat, at) => {
        for (let round = 0; round < 5; round++) {
          const some = Array.from({ length: 4 }, (_, no) =>
            seat.device.write({
              kind: 'preference.set',
              entity: `p-${at}-${round}-${no}`,
              body: { value: no },
            }),
          );
          written.push(...some);
          const { stored, rejected } = await push(seat, some);
          expect(rejected).toEqual([]);
          expect(stored).toHaveLength(some.length);
        }
      }),
    );
    const pages = await pullAll(user);
    const places = placesOf(pages);
    const held = new Map(places.map(({ h }) => [h, places.filter((place) => place.h === h).length]));
    expect(written.map(({ h }) => held.get(h))).toEqual(written.map(() => 1));
    expect(places.map(({ index }) => index)).toEqual(places.map((_, index) => index));
    const { checkpoint } = pages.at(-1)!;
    expect(isSoundCheckpoint(rootKey, checkpoint)).toBe(true);
    expect(rootOfOrder(places.slice(0, checkpoint.size))).toBe(checkpoint.root);
  });
}
