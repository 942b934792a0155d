import { describe, expect, it } from 'vitest';
import {
  ann,
  ben,
  clinicSteps,
  foldStore,
  hubDevice,
  image,
  laptop,
  nurse,
  review,
  type Said,
  stepWriter,
  tablet,
} from '../../../tests/fixtures/fold-steps.ts';
import { isImageShown, reviewState, tombstoneBase } from './image-state.ts';
import { keptPreferences, preferenceValue, preferenceWinner } from './preference-state.ts';
import { quarantineQuota } from './quarantine.ts';
import type { FoldStep } from './fold-step.ts';

const film = 'f'.repeat(64);

async function clinic() {
  const write = stepWriter();
  const store = foldStore();
  await store.fold(clinicSteps(write));
  const say = async (said: Said): Promise<FoldStep> => {
    const step = write(said);
    await store.fold([step]);
    return step;
  };
  const read = (actor: string, basedOn: FoldStep[] = [], kind = 'review.added'): Promise<FoldStep> =>
    say({
      kind,
      entity: film,
      actor,
      device: actor === ben ? laptop : tablet,
      basedOn,
      body: review('yes', 'a note'),
    });
  const add = (): Promise<FoldStep> =>
    say({ kind: 'image.added', entity: film, actor: nurse, device: tablet, body: image() });
  return { write, store, say, read, add, row: () => store.row('images', film)! };
}

describe('an image', () => {
  it('keeps names apart from what may lie in clear', async () => {
    const { add, row } = await clinic();
    const { h } = await add();
    expect(row().clear.added[h]).toMatchObject({ study: 'study-1', body: 'present', actor: nurse });
    expect(JSON.stringify(row().clear)).not.toContain('film.png');
    expect(row().personal).toEqual({ [h]: { fileName: 'film.png' } });
  });

  it('is discordant when two readers did not see each other, until one adjudicates', async () => {
    const { add, read, row } = await clinic();
    await add();
    const first = await read(ann);
    const second = await read(ben);
    expect(reviewState(row().clear)).toEqual({ state: 'discordant', standing: [first.h, second.h].sort() });
    const settled = await read(ben, [first, second], 'review.adjudicated');
    expect(reviewState(row().clear)).toEqual({ state: 'adjudicated', standing: [settled.h] });
    await read(ann, [first]);
    expect(reviewState(row().clear).state).toBe('discordant');
  });

  it('goes when everything of it was seen by a tombstone, and comes back with a reading that was not', async () => {
    const { add, read, row, say } = await clinic();
    const added = await add();
    const first = await read(ann);
    const remove = (basedOn: FoldStep[]): Promise<FoldStep> =>
      say({
        kind: 'entity.tombstoned',
        entity: film,
        actor: ann,
        device: tablet,
        basedOn,
        body: { reason: 'twice' },
      });
    await remove([added]);
    expect(isImageShown(row().clear)).toBe(true);
    await remove([added, first]);
    expect(isImageShown(row().clear)).toBe(false);
    expect(tombstoneBase(row().clear)).toEqual([added.h, first.h]);
    await read(ben);
    expect(isImageShown(row().clear)).toBe(true);
  });

  it('loses what an erased body said and keeps what the header tells', async () => {
    const { add, row, say, store } = await clinic();
    const added = await add();
    const erasure = {
      kind: 'body.erased',
      entity: added.entry.bodyHash!,
      basedOn: [added],
      body: { reason: 'asked' },
    };
    await say(erasure);
    expect(row()).toEqual({
      clear: {
        added: {
          [added.h]: {
            actor: nurse,
            device: tablet,
            ts: added.entry.ts,
            effTs: added.place!.effTs,
            body: 'erased',
          },
        },
        reviews: {},
        tombstones: {},
      },
      personal: {},
    });
    await store.fold([], [added]);
    expect(JSON.stringify(row())).not.toContain('film.png');
  });

  it('is not erased where a right rests on the body', async () => {
    const { say, store, write } = await clinic();
    const right = write({ kind: 'user.role-set', entity: nurse, body: { role: 'doctor' } });
    await store.fold([right]);
    const asked = await say({
      kind: 'body.erased',
      entity: right.entry.bodyHash!,
      basedOn: [right],
      body: { reason: '' },
    });
    expect(store.outcomes.get(asked.h)).toBe('quarantined');
    expect(store.row('erased', right.entry.bodyHash!)).toBeUndefined();
  });
});

describe('what an author may not do', () => {
  it.each<[string, Partial<Said>, string]>([
    ['from a device that nobody enrolled', { device: '9'.repeat(32) }, 'unknown-device'],
    ['by a person who never signed in there', { actor: ben, device: tablet }, 'other-person'],
    ['by somebody whose role does not read films', { actor: nurse, device: tablet }, 'no-right'],
    ['in the name of the hub', { actor: 'hub', device: tablet }, 'other-person'],
  ])('waits in the quarantine and is not shown: %s', async (_, said, reason) => {
    const { say, store } = await clinic();
    const { h } = await say({
      kind: 'review.added',
      entity: film,
      actor: ann,
      device: tablet,
      body: review('yes'),
      ...said,
    });
    expect(store.outcomes.get(h)).toBe('quarantined');
    expect(store.row('quarantine', h)?.clear).toMatchObject({ reason, released: false });
    expect(store.row('images', film)).toBeUndefined();
  });

  it('cannot be a right: those come from the hub alone', async () => {
    const { say, store } = await clinic();
    const step = await say({
      kind: 'user.role-set',
      entity: nurse,
      actor: nurse,
      device: tablet,
      body: { role: 'admin' },
    });
    expect(store.row('quarantine', step.h)?.clear.reason).toBe('not-by-the-hub');
    await say({ kind: 'entry.released', entity: step.h, body: { reason: 'a mistake' } });
    expect(store.row('users', nurse)?.clear.role).toBe('user');
  });

  it('cannot be a chain of the hub without its voucher', async () => {
    const { say, store } = await clinic();
    const { h } = await say({
      kind: 'device.enrolled',
      entity: '8'.repeat(32),
      device: '8'.repeat(32),
      body: { key: 'A'.repeat(43), name: 'hub', role: 'hub', voucher: 'B'.repeat(86) },
    });
    expect(store.row('quarantine', h)?.clear.reason).toBe('not-vouched');
    expect(store.row('devices', '8'.repeat(32))).toBeUndefined();
  });

  it('is judged at its place: what came before the end of a right counts', async () => {
    const { read, say, row, store } = await clinic();
    const before = await read(ann);
    await say({ kind: 'user.disabled', entity: ann, body: {} });
    const after = await read(ann, [before]);
    expect(reviewState(row().clear).standing).toEqual([before.h]);
    await say({ kind: 'device.revoked', entity: laptop, body: {} });
    const late = await read(ben);
    expect([after, late].map(({ h }) => store.outcomes.get(h))).toEqual(['quarantined', 'quarantined']);
  });

  it('counts from its release on, and waits again when it is held', async () => {
    const { say, row, store } = await clinic();
    const step = await say({
      kind: 'review.added',
      entity: film,
      actor: nurse,
      device: tablet,
      body: review('no'),
    });
    await say({ kind: 'entry.released', entity: step.h, body: { reason: 'she is a reader' } });
    expect(reviewState(row().clear)).toEqual({ state: 'read', standing: [step.h] });
    expect(store.row('quarantineCounts', tablet)?.clear).toEqual({ listed: 0, more: 0 });
    await say({ kind: 'entry.quarantined', entity: step.h, body: { reason: 'she is not' } });
    expect(store.row('images', film)).toBeUndefined();
    expect(store.row('quarantine', step.h)?.clear).toMatchObject({ reason: 'held', released: false });
  });

  it('is only counted beyond the quota, and may be released all the same', async () => {
    const { store, write, say, row } = await clinic();
    const steps = Array.from({ length: quarantineQuota + 3 }, () =>
      write({ kind: 'review.added', entity: film, actor: nurse, device: tablet, body: review('no') }),
    );
    await store.fold(steps);
    expect(store.row('quarantineCounts', tablet)?.clear).toEqual({ listed: quarantineQuota, more: 3 });
    expect(store.row('quarantine', steps.at(-1)!.h)).toBeUndefined();
    await say({ kind: 'entry.released', entity: steps.at(-1)!.h, body: { reason: 'this one' } });
    expect(reviewState(row().clear).standing).toEqual([steps.at(-1)!.h]);
  });
});

describe('the rest', () => {
  it('leaves unknown kinds and the audit alone', async () => {
    const { say, store } = await clinic();
    const before = store.text();
    const unknown = await say({ kind: 'ward.moved', entity: 'x', actor: ann, device: tablet, body: {} });
    const audit = await say({ kind: 'audit.opened', entity: film, actor: ann, device: tablet, body: {} });
    expect([unknown, audit].map(({ h }) => store.outcomes.get(h))).toEqual(['opaque', 'opaque']);
    expect(store.text()).toBe(before);
  });

  it('takes the last preference of a person', async () => {
    const { say, store } = await clinic();
    const set = (value: number): Promise<FoldStep> =>
      say({ kind: 'preference.set', entity: 'zoom', actor: ann, device: tablet, body: { value } });
    await set(1);
    await set(2);
    const row = store.row('preferences', `${ann}/zoom`)!;
    expect(preferenceValue(row)).toBe(2);
    for (let value = 3; value < 50; value++) await set(value);
    const { clear } = store.row('preferences', `${ann}/zoom`)!;
    expect(Object.keys(clear.set)).toHaveLength(keptPreferences);
  });

  it('goes back to the preference before when the last one is held back, until it is released', async () => {
    const { say, store } = await clinic();
    const set = (value: number): Promise<FoldStep> =>
      say({ kind: 'preference.set', entity: 'zoom', actor: ann, device: tablet, body: { value } });
    const value = () => preferenceValue(store.row('preferences', `${ann}/zoom`)!);
    const about = (kind: string, { h }: FoldStep) => say({ kind, entity: h, body: { reason: 'r' } });
    await set(1);
    const second = await set(2);
    await about('entry.quarantined', second);
    expect(value()).toBe(1);
    const third = await set(3);
    await about('entry.released', second);
    expect(value()).toBe(3);
    await about('entry.quarantined', third);
    expect(value()).toBe(2);
  });

  it('has no preference where the last one was erased: the one before is not what the person wants', async () => {
    const { say, store } = await clinic();
    const set = (value: number): Promise<FoldStep> =>
      say({ kind: 'preference.set', entity: 'zoom', actor: ann, device: tablet, body: { value } });
    await set(1);
    const last = await set(2);
    await say({
      kind: 'body.erased',
      entity: last.entry.bodyHash!,
      basedOn: [last],
      body: { reason: 'asked' },
    });
    const row = store.row('preferences', `${ann}/zoom`)!;
    expect(preferenceValue(row)).toBeUndefined();
    expect(preferenceWinner(row.clear.set)).toBe(last.h);
  });

  it('keeps models, operating points and forks as the hub says them', async () => {
    const { say, store } = await clinic();
    const sha256 = 'c'.repeat(64);
    await say({ kind: 'model.activated', entity: sha256, body: { name: 'cxr', version: '1', sha256 } });
    await say({
      kind: 'operating-point.set',
      entity: `${sha256}/effusion`,
      body: { modelSha256: sha256, threshold: 0.4 },
    });
    await say({ kind: 'model.retired', entity: sha256, body: {} });
    const hs = ['d'.repeat(64), 'e'.repeat(64)];
    await say({ kind: 'device.forked', entity: tablet, body: { n: 3, hs } });
    expect(store.row('models', sha256)?.clear.active).toBe(false);
    expect(store.row('operatingPoints', `${sha256}/effusion`)?.clear.threshold).toBe(0.4);
    expect(store.row('devices', tablet)?.clear).toMatchObject({
      people: [ann, nurse],
      forks: [{ n: 3, hs }],
    });
  });

  it('shows an own entry before it has a place, and takes it back when it does not count', async () => {
    const { write, store, row } = await clinic();
    const step = write({
      kind: 'review.added',
      entity: film,
      actor: nurse,
      device: tablet,
      body: review('yes'),
    });
    await store.fold([{ ...step, place: null }]);
    expect(reviewState(row().clear).standing).toEqual([step.h]);
    await store.fold([step]);
    expect(store.row('images', film)).toBeUndefined();
  });

  it('gives a body that says nothing no weight', async () => {
    const { say, row } = await clinic();
    const { h } = await say({
      kind: 'image.added',
      entity: film,
      actor: nurse,
      device: tablet,
      body: { bytes: -1 },
    });
    expect(row().clear.added[h]?.body).toBe('unreadable');
    expect(hubDevice).not.toBe(tablet);
  });
});
