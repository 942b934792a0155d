import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeskApi } from '../../web/engine/desk-api.ts';
import type { RecordsApi } from '../../web/engine/records-api.ts';
import type { Outcome, Reading } from '../../web/data/reading.ts';
import { aFinding, aReading } from '../fixtures/analysis-builder.ts';
import { openTestHub, type TestHub } from './records-hub.ts';
import { testBrowser } from './test-browser.ts';

type Window = RecordsApi & DeskApi;

const ann = { email: 'ann@example.org', password: 'planted seven lungs' };
const dan = { email: 'dan@example.org', password: 'nine ribs and a spine' };
const ben = { email: 'ben@example.org', password: 'a film on the window' };
const film = new TextEncoder().encode('the bytes of a film');
const identity = 'f'.repeat(64);

const waiting = (id: string, addedAt = 1): Reading => ({
  id,
  fileName: `${id}.dcm`,
  bytes: film.length,
  addedAt,
  state: 'waiting',
  attempts: 0,
  synthetic: false,
  findings: [],
});

function outcomeOf(id: string, image = identity): Outcome {
  const analysis = aReading({ findings: [aFinding({ probability: 0.9 })] });
  const sha256 = createHash('sha256').update(film).digest('hex');
  const seen = { ...analysis.image, sha256, identity: image, bytes: film.length };
  return { analysis: { ...analysis, file: `${id}.dcm`, image: seen } };
}

describe('the X-rays of a device', () => {
  let hub: TestHub;
  let browser: ReturnType<typeof testBrowser>;
  let window: Window;

  beforeEach(async () => {
    hub = await openTestHub();
    await hub.member(ann.email, ann.password, 'doctor');
    await hub.member(dan.email, dan.password, 'doctor');
    await hub.member(ben.email, ben.password, 'user');
    browser = testBrowser(hub);
    window = browser.open();
  });
  afterEach(async () => {
    await window.lock();
    await hub.close();
  });

  const signIn = (there: Window, who = ann) => there.signIn({ ...who, deviceName: 'Laptop' });
  const settled = (there: Window) =>
    expect
      .poll(
        async () => {
          const { sync, open } = await there.status();
          return [sync.state, open?.counts.outbox, open?.files];
        },
        { timeout: 10_000 },
      )
      .toEqual(['settled', 0, 0]);
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error: { code?: string }) => error.code ?? 'no code',
    );
  async function read(there: Window, id: string, outcome = outcomeOf(id)): Promise<void> {
    await there.addReadings([{ reading: waiting(id), file: film.slice().buffer }]);
    expect(await there.takeReading([])).toMatchObject({ id, state: 'reading', attempts: 1 });
    await there.finishReading(id, outcome);
  }
  const stateOf = async (at: Window, id: string) => (await at.reviews(id))?.state;
  /** A second device of the clinic. */
  async function elsewhere(who = dan) {
    const other = testBrowser(hub);
    const there = other.open();
    await signIn(there, who);
    await settled(there);
    return { other, there };
  }

  it('are read and recorded without the hub, survive a kill, and reach it once', async () => {
    await signIn(window);
    await settled(window);
    browser.online(false);
    await read(window, 'r1');
    expect(await window.readings()).toMatchObject([
      { id: 'r1', state: 'read', record: { review: 'none', elsewhere: false } },
    ]);
    await window.lock();
    expect(await codeOf(window.readings())).toBe('vault.locked');
    browser.kill();

    window = browser.open();
    await window.unlock(ann);
    const { reading, outcome } = (await window.reading('r1'))!;
    expect(reading).toMatchObject({ fileName: 'r1.dcm', state: 'read' });
    expect(outcome?.analysis?.findings[0]).toMatchObject({ code: 'pneumonia' });
    expect(new Uint8Array((await window.readingFile('r1'))!)).toEqual(film);
    browser.online(true);
    await window.syncNow();
    await settled(window);
    expect(await hub.kinds()).toMatchObject({ 'image.added': 1, 'result.added': 1 });
    expect(await hub.findings()).toEqual([]);
  });

  it('are recorded by the next window where the first one ended before it could', async () => {
    await signIn(window);
    await settled(window);
    await read(window, 'r1');
    await settled(window);
    // As the disk has it when the power goes between the two.
    browser.forgetRecorded('r1');
    await window.lock();
    browser.kill();
    window = browser.open();
    await window.unlock(ann);
    await expect.poll(() => browser.isRecorded('r1')).toBe(true);
    await settled(window);
    expect(await hub.kinds()).toMatchObject({ 'image.added': 1, 'result.added': 1 });
  });

  it('come to another device with their picture, which is fetched when somebody wants it', async () => {
    await signIn(window);
    await read(window, 'r1');
    await settled(window);
    const { other, there } = await elsewhere();
    expect(await there.readings()).toMatchObject([
      { id: identity, fileName: 'r1.dcm', state: 'read', record: { elsewhere: true } },
    ]);
    expect((await there.reading(identity))?.outcome?.analysis?.findings).toMatchObject([
      { code: 'pneumonia', probability: 0.9 },
    ]);
    other.online(false);
    expect(await codeOf(there.readingFile(identity))).toBe('network.unreachable');
    other.online(true);
    expect(new Uint8Array((await there.readingFile(identity))!)).toEqual(film);
    other.online(false);
    expect(new Uint8Array((await there.readingFile(identity))!)).toEqual(film);
    await there.lock();
  });

  it('show readings that did not see each other on both devices until somebody settles them', async () => {
    await signIn(window);
    await read(window, 'r1');
    await settled(window);
    const { other, there } = await elsewhere();
    browser.online(false);
    other.online(false);
    const sign = (at: Window, id: string, present: 'yes' | 'no', adjudicates = false) =>
      at.signReview(id, {
        findings: [{ code: 'pneumonia', present }],
        note: `it is ${present}`,
        adjudicates,
      });
    await sign(window, 'r1', 'yes');
    await sign(there, identity, 'no');
    expect(await window.reviews('r1')).toMatchObject({
      state: 'read',
      signed: [{ mine: true, placed: false }],
    });

    browser.online(true);
    other.online(true);
    await window.syncNow();
    await settled(window);
    await there.syncNow();
    await expect.poll(() => stateOf(there, identity), { timeout: 10_000 }).toBe('discordant');
    // It shows both before its own has gone.
    await expect.poll(async () => (await there.status()).open?.counts.outbox, { timeout: 10_000 }).toBe(0);
    await window.syncNow();
    await expect.poll(() => stateOf(window, 'r1'), { timeout: 10_000 }).toBe('discordant');
    for (const [at, id] of [
      [window, 'r1'],
      [there, identity],
    ] as const) {
      const { state, signed } = (await at.reviews(id))!;
      expect(state).toBe('discordant');
      expect(
        signed.map(({ findings, note, stands, placed }) => [findings?.[0]?.present, note, stands, placed]),
      ).toEqual(
        expect.arrayContaining([
          ['yes', 'it is yes', true, true],
          ['no', 'it is no', true, true],
        ]),
      );
      expect(signed.filter(({ mine }) => mine)).toHaveLength(1);
      expect((await at.readings())[0]?.record?.review).toBe('discordant');
    }
    await sign(there, identity, 'yes', true);
    await settled(there);
    await window.syncNow();
    await expect.poll(() => stateOf(window, 'r1'), { timeout: 10_000 }).toBe('adjudicated');
    expect(await window.reviews('r1')).toMatchObject({
      state: 'adjudicated',
      signed: [{ adjudicates: true }, {}, {}],
    });
    expect((await window.history('r1')).map(({ kind, here }) => [kind, here])).toEqual([
      ['settled', false],
      ['signed', false],
      ['signed', true],
      ['read', true],
      ['added', true],
    ]);
    expect(await hub.findings()).toEqual([]);
    await there.lock();
  });

  it('are deleted by a doctor, everywhere, and come back when they are opened again', async () => {
    await signIn(window);
    await read(window, 'r1');
    await settled(window);
    const nurse = await elsewhere(ben);
    expect(await codeOf(nurse.there.removeReading(identity))).toBe('account.forbidden');
    await window.removeReading('r1');
    expect(await window.readings()).toEqual([]);
    expect(browser.files.size).toBe(0);
    await settled(window);
    await nurse.there.syncNow();
    await expect.poll(() => nurse.there.readings(), { timeout: 10_000 }).toEqual([]);
    expect(await nurse.there.reading(identity)).toBeUndefined();
    await nurse.there.lock();
    await read(window, 'r2');
    expect(await window.readings()).toMatchObject([{ id: 'r2', record: { review: 'none' } }]);
    await settled(window);
    expect(await hub.kinds()).toMatchObject({ 'image.added': 2, 'result.added': 1, 'entity.tombstoned': 1 });
  });

  it('are no records when nothing could be said of them, and then leave no trace', async () => {
    await signIn(window);
    await settled(window);
    const outcome = outcomeOf('r1');
    const refused = { status: 'refused' as const, reasons: [] };
    await read(window, 'r1', { analysis: { ...outcome.analysis!, intake: refused, findings: [] } });
    await read(window, 'r2', { problem: { code: 'image.unreadable', title: 'No.' } });
    expect((await window.readings()).map(({ state, record }) => [state, record])).toEqual([
      ['refused', undefined],
      ['failed', undefined],
    ]);
    expect((await window.status()).open?.counts.outbox).toBe(0);
    await window.removeReading('r1');
    // The other one has the same bytes.
    expect(browser.files.size).toBe(1);
    await window.removeReading('r2');
    expect(browser.files.size).toBe(0);
    expect(await hub.kinds()).not.toHaveProperty('entity.tombstoned');
  });

  it('are one image when they are opened twice, and are read again without being recorded again', async () => {
    await signIn(window);
    await read(window, 'r1');
    await read(window, 'r2');
    expect((await window.readings()).map(({ id }) => id)).toHaveLength(1);
    await window.readAgain('r1');
    expect(await window.takeReading(['r2'])).toMatchObject({ id: 'r1', attempts: 1, findings: [] });
    expect((await window.reading('r1'))?.reading.state).toBe('reading');
    await window.finishReading('r1', outcomeOf('r1'));
    await settled(window);
    expect(await hub.kinds()).toMatchObject({ 'image.added': 1, 'result.added': 1 });
  });

  it('say whose they are as it was written down last, and both where two did not see each other', async () => {
    await signIn(window);
    await read(window, 'r1');
    await settled(window);
    const { other, there } = await elsewhere(ben);
    const patients = async (at: Window) => (await at.readings())[0]?.record?.patients;
    expect(await patients(window)).toEqual([]);
    browser.online(false);
    other.online(false);
    await window.writePatient('r1', { name: 'DOE^JANE' });
    await window.writePatient('r1', { name: 'DOE^JANE', id: '17' });
    expect(await patients(window)).toEqual([{ name: 'DOE^JANE', id: '17' }]);
    await there.writePatient(identity, { name: 'ROE^ANN' });
    browser.online(true);
    other.online(true);
    await window.syncNow();
    await settled(window);
    await there.syncNow();
    await expect.poll(() => patients(there), { timeout: 10_000 }).toHaveLength(2);
    await there.writePatient(identity, { name: 'DOE^JANE', id: '17' });
    await settled(there);
    await window.syncNow();
    await expect.poll(() => window.history('r1'), { timeout: 10_000 }).toHaveLength(6);
    expect(await patients(window)).toEqual([{ name: 'DOE^JANE', id: '17' }]);
    expect((await window.history('r1')).map(({ kind }) => kind)).toEqual([
      'named',
      'named',
      'named',
      'named',
      'read',
      'added',
    ]);
    // One blob, however often it was named.
    expect(browser.asked.filter((url) => url.endsWith('/blobs'))).toHaveLength(1);
    expect(await hub.findings()).toEqual([]);
    await there.lock();
  });

  it('are recorded again where the records were lost before the hub had them', async () => {
    await signIn(window);
    await settled(window);
    await read(window, 'r1');
    await settled(window);
    browser.online(false);
    await read(window, 'r2', outcomeOf('r2', 'e'.repeat(64)));
    await window.lock();
    browser.kill();
    browser.evictRecords();
    window = browser.open();
    browser.online(true);
    await window.unlock({ ...ann, rebuild: true });
    await expect
      .poll(async () => (await window.readings()).map(({ record }) => record?.review), { timeout: 10_000 })
      .toEqual(['none', 'none']);
    await settled(window);
    await expect.poll(() => hub.kinds()).toMatchObject({ 'image.added': 2, 'result.added': 2 });
    expect(await hub.findings()).toEqual([]);
  });

  it('say in the log who looked at a record, and nothing of what is none', async () => {
    await signIn(window);
    await read(window, 'r1');
    await window.addReadings([{ reading: waiting('r2'), file: film.slice().buffer }]);
    await window.noteUse('r1', 'opened');
    await window.noteUse('r2', 'opened');
    await settled(window);
    expect(await hub.kinds()).toMatchObject({ 'audit.opened': 1 });
  });
});
