import { expect, it } from 'vitest';
import { revokeEndpoint } from '../../shared/api/devices.ts';
import { pushEndpoint } from '../../shared/api/sync.ts';
import type { PushRequest } from '../../shared/log/exchange.ts';
import { isSoundCheckpoint, isSoundReceipt } from './second-witness.ts';
import type { Seat, Stage } from './stage.ts';
import { review, TestDevice } from './test-device.ts';

/** Every outcome of a push. */
export function pushContract(stage: () => Stage): void {
  const send = async (seat: Seat, json: PushRequest) =>
    stage().client.get(pushEndpoint, { token: seat.token, json });

  it('stores what is new and receipts it', async () => {
    const { doctor, push, rootKey, clinic } = stage();
    const written = ['first', 'second', 'third'].map((note) => doctor.device.write(review('image-1', note)));
    const { epoch, stored, missingParents, rejected, forks, receipt } = await push(doctor);
    expect({ missingParents, rejected, forks }).toEqual({ missingParents: [], rejected: [], forks: [] });
    expect(stored.toSorted()).toEqual(written.map(({ h }) => h).toSorted());
    expect(receipt!.placements.map(({ h }) => h).toSorted()).toEqual(stored.toSorted());
    expect(isSoundReceipt(rootKey, receipt!)).toBe(true);
    expect(isSoundCheckpoint(rootKey, receipt!.checkpoint)).toBe(true);
    expect(receipt!.checkpoint).toMatchObject({ clinic, epoch });
    const indices = new Map(receipt!.placements.map(({ h, index }) => [h, index]));
    const inOrder = written.map(({ h }) => indices.get(h)!);
    expect(inOrder).toEqual(inOrder.toSorted((a, b) => a - b));
    expect(inOrder.at(-1)).toBeLessThan(receipt!.checkpoint.size);
  });

  it('says the same of what it has already, at the same places', async () => {
    const { doctor, push } = stage();
    const before = await push(doctor);
    const again = await push(doctor);
    expect(again.stored.toSorted()).toEqual(before.stored.toSorted());
    const byIndex = ({ placements }: { placements: readonly { index: number }[] }) =>
      placements.toSorted((a, b) => a.index - b.index);
    expect(byIndex(again.receipt!)).toEqual(byIndex(before.receipt!));
  });

  it('names the parents that are missing, and takes the children once they have come', async () => {
    const { user, push } = stage();
    const [first, second] = ['a', 'b'].map((entity) =>
      user.device.write({ kind: 'preference.set', entity, body: { value: entity } }),
    );
    const early = await push(user, [second!]);
    expect(early).toMatchObject({ stored: [], missingParents: [first!.h], rejected: [] });
    expect(early.receipt).toBeUndefined();
    expect((await push(user)).stored.toSorted()).toEqual([first!.h, second!.h].toSorted());
  });

  it('takes entries in any order within a push', async () => {
    const { newSeat, push } = stage();
    const seat = await newSeat('doctor');
    const written = ['1', '2', '3', '4'].map((note) => seat.device.write(review('image-2', note)));
    const request = seat.device.push(written);
    const { stored } = await send(seat, { ...request, entries: request.entries.toReversed() });
    expect(stored).toHaveLength(4);
    expect((await push(seat)).stored).toHaveLength(4);
  });

  it.each([
    ['without a signature', 'log.unsigned', (push: PushRequest) => ({ ...push, heads: [] })],
    [
      'with a signature of something else',
      'log.unsigned',
      (push: PushRequest) => ({ ...push, heads: push.heads.map((head) => ({ ...head, h: '0'.repeat(64) })) }),
    ],
    [
      'with a forged signature',
      'log.bad-signature',
      (push: PushRequest) => ({
        ...push,
        heads: push.heads.map((head) => ({
          ...head,
          sig: `${head.sig[0] === 'A' ? 'B' : 'A'}${head.sig.slice(1)}`,
        })),
      }),
    ],
    [
      'changed after it was signed',
      'log.unsigned',
      (push: PushRequest) => ({
        ...push,
        entries: push.entries.map((entry) => ({ ...entry, entity: `${entry.entity}-other` })),
      }),
    ],
    [
      'with a body of other words',
      'log.bad-body',
      (push: PushRequest) => ({
        ...push,
        bodies: push.bodies.map((body) => ({ ...body, text: body.text.replace('word', 'sword') })),
      }),
    ],
  ] as const)('refuses an entry %s, and nothing else of the push: %s', async (_, code, spoil) => {
    const { newSeat, doctor } = stage();
    const seat = await newSeat('doctor');
    const spoilt = seat.device.write(review('image-3', 'word'));
    const good = doctor.device.write(review('image-3', 'of somebody else'));
    const wrong = spoil(seat.device.push([spoilt]));
    const right = doctor.device.push();
    const answer = await send(seat, {
      ...wrong,
      entries: [...wrong.entries, ...right.entries],
      heads: [...wrong.heads, ...right.heads],
      bodies: [...wrong.bodies, ...right.bodies],
    });
    expect(answer.rejected.map((one) => one.code)).toEqual([code]);
    expect(answer.stored).toContain(good.h);
    expect(answer.stored).not.toContain(spoilt.h);
  });

  it('refuses an entry of another clinic', async () => {
    const { user } = stage();
    const elsewhere = new TestDevice(crypto.randomUUID(), user.account.id);
    const { h } = elsewhere.write(review('image-4', 'from elsewhere'));
    const answer = await send(user, elsewhere.push());
    expect(answer).toMatchObject({ stored: [], rejected: [{ h, code: 'sync.other-clinic' }] });
  });

  it('keeps both children of one parent and says so', async () => {
    const { newSeat, push } = stage();
    const seat = await newSeat('doctor');
    seat.device.write(review('image-5', 'before the copy'));
    const twin = seat.device.draft(review('image-5', 'from the copy'));
    const own = seat.device.write(review('image-5', 'from the original'));
    await push(seat);
    const { stored, forks } = await push(seat, [twin]);
    expect(stored).toEqual([twin.h]);
    expect(forks).toMatchObject([{ device: seat.device.id, n: 2 }]);
    expect(forks[0]!.hs.toSorted()).toEqual([own.h, twin.h].toSorted());
  });

  it('passes an unknown kind on', async () => {
    const { newSeat, push, pullAll, user } = stage();
    const seat = await newSeat('doctor');
    const { h } = seat.device.write({ kind: 'tomorrow.invented', entity: 'x', body: { any: 'thing' } });
    expect((await push(seat)).stored).toEqual([h]);
    const pages = await pullAll(user);
    expect(pages.flatMap(({ entries }) => entries).some(({ place }) => place.h === h)).toBe(true);
  });

  it('needs a session that is bound to a device, and one that was not shut out', async () => {
    const { client, newSeat, admin } = stage();
    const seat = await newSeat('doctor');
    seat.device.write(review('image-6', 'too late'));
    expect(await client.refusal(pushEndpoint, { json: seat.device.push() })).toBe('account.signed-out');
    await client.get(revokeEndpoint, {
      token: admin.token,
      params: { id: seat.device.id },
      json: { reason: 'it was lost' },
    });
    const code = await client.refusal(pushEndpoint, { token: seat.token, json: seat.device.push() });
    expect(['account.signed-out', 'sync.revoked-device']).toContain(code);
  });

  it.each([
    ['of an older protocol', { protocol: 0 }, 'request.invalid'],
    ['with a member that it does not have', { extra: 1 }, 'request.invalid'],
  ])('refuses a request %s', async (_, change, code) => {
    const { client, doctor } = stage();
    const json = { ...doctor.device.push(), ...change };
    expect(await client.refusal(pushEndpoint, { token: doctor.token, json })).toBe(code);
  });
}
