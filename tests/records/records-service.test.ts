import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toBase64Url } from '../../shared/kernel/bytes.ts';
import type { RecordsApi, SaidHere } from '../../web/engine/records-api.ts';
import { openTestHub, type TestHub } from './records-hub.ts';
import { testBrowser } from './test-browser.ts';

const dayMs = 24 * 3600 * 1000;
const ann = { email: 'ann@example.org', password: 'planted seven lungs' };
const ben = { email: 'ben@example.org', password: 'a film on the window' };
const deviceName = 'Laptop of the ward';
const film = 'f'.repeat(64);

const image: SaidHere = {
  kind: 'image.added',
  entity: film,
  body: { sha256: '0'.repeat(64), bytes: 3, type: 'image/png', fileName: 'film.png' },
};
const review: SaidHere = {
  kind: 'review.added',
  entity: film,
  body: { findings: [], results: [], note: 'seen' },
};

describe('records of a device', () => {
  let hub: TestHub;
  let browser: ReturnType<typeof testBrowser>;
  let window: RecordsApi;

  beforeEach(async () => {
    hub = await openTestHub();
    await hub.member(ann.email, ann.password, 'doctor');
    await hub.member(ben.email, ben.password, 'user');
    browser = testBrowser(hub);
    window = browser.open();
  });
  afterEach(async () => {
    await window.lock();
    await hub.close();
  });

  const signIn = (who = ann, opener?: typeof ann) =>
    window.signIn({ ...who, deviceName, ...(opener && { opener }) });
  const settled = () =>
    expect
      .poll(async () => (await window.status()).sync, { timeout: 10_000 })
      .toMatchObject({ state: 'settled' });
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error: { code?: string }) => error.code ?? 'no code',
    );

  it('begin with the hub, and with nothing without it', async () => {
    expect(await window.status()).toMatchObject({ vault: 'none' });
    browser.online(false);
    expect(await codeOf(signIn())).toBe('network.unreachable');
    expect(await codeOf(window.unlock(ann))).toBe('vault.none');
    expect(await codeOf(window.append([image]))).toBe('vault.locked');
    browser.online(true);
    expect(await codeOf(signIn({ ...ann, password: 'guessed' }))).toBe('account.wrong-credentials');
    expect(await window.status()).toMatchObject({ vault: 'none' });
    const status = await signIn();
    expect(status).toMatchObject({
      vault: 'open',
      open: { person: { email: ann.email, role: 'doctor' }, broken: false },
    });
    await settled();
    expect(await hub.kinds()).toMatchObject({ 'device.enrolled': 2 });
  });

  it('are written and read without the hub, and go there by themselves, once', async () => {
    await signIn();
    await settled();
    browser.online(false);
    const picture = { bytes: Uint8Array.of(1, 2, 3).buffer, type: 'image/png' };
    const [h] = await window.append([image], [picture]);
    await window.append([{ ...review, basedOn: [h!] }]);
    await window.lock();
    browser.kill();

    window = browser.open();
    expect(await window.status()).toMatchObject({ vault: 'locked' });
    expect(await codeOf(window.rows('images', { limit: 10 }))).toBe('vault.locked');
    expect(await codeOf(window.unlock({ ...ann, password: 'guessed' }))).toBe('account.wrong-credentials');
    await window.unlock(ann);
    expect((await window.row('images', film))?.personal).toMatchObject({ [h!]: { fileName: 'film.png' } });
    expect((await window.status()).open?.counts).toMatchObject({ outbox: 2 });
    browser.online(true);
    await window.syncNow();
    await settled();
    expect((await window.status()).open?.counts).toMatchObject({ outbox: 0, aside: 0 });
    expect(await hub.kinds()).toMatchObject({ 'image.added': 1, 'review.added': 1 });
    expect(await hub.findings()).toEqual([]);
  });

  it('send records before pictures, also those that are written while a picture is on its way', async () => {
    const waiting = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    const order: string[] = [];
    browser = testBrowser(hub, async (url, answer) => {
      if (url.endsWith('/sync/push')) order.push('records');
      if (!url.includes('/blobs/uploads/') || order.includes('piece')) return answer;
      order.push('piece');
      reached.resolve();
      await waiting.promise;
      return answer;
    });
    window = browser.open();
    await signIn();
    await settled();
    const picture = { bytes: new Uint8Array(3_000_000).buffer, type: 'image/png' };
    await window.append([image], [picture]);
    await reached.promise;
    await window.append([review]);
    expect((await window.status()).open?.files).toBe(1);
    waiting.resolve();
    await expect.poll(async () => (await window.status()).open?.files, { timeout: 10_000 }).toBe(0);
    expect(order).toEqual(['records', 'piece', 'records']);
    await settled();
  });

  it('leave a hub alone that cannot, unless somebody insists', async () => {
    await signIn();
    await settled();
    browser.online(false);
    await window.append([image]);
    await expect.poll(async () => (await window.status()).sync).toMatchObject({ state: 'waiting' });
    const before = browser.asked.length;
    await window.append([image]);
    await window.append([image]);
    expect(browser.asked.length).toBe(before);
    await window.syncNow();
    await expect.poll(() => browser.asked.length).toBeGreaterThan(before);
  });

  it('say nothing more of a sync that a locking interrupted', async () => {
    const reached = Promise.withResolvers<void>();
    const waiting = Promise.withResolvers<void>();
    browser = testBrowser(hub, async (url, answer) => {
      if (!url.endsWith('/sync/pull')) return answer;
      reached.resolve();
      await waiting.promise;
      return new Response('', { status: 503 });
    });
    window = browser.open();
    await signIn();
    await reached.promise;
    await window.lock();
    waiting.resolve();
    // It takes the disk of the hub: what was under way has ended by then.
    await hub.kinds();
    expect(await window.status()).toEqual({ vault: 'locked', sync: { state: 'resting' } });
  });

  it('are for whoever opened: the author of an entry is not chosen', async () => {
    await signIn();
    const [h] = await window.append([
      { ...image, actor: '00000000-0000-4000-8000-000000000009' } as SaidHere,
    ]);
    const row = await window.row('images', film);
    expect(row?.clear.added[h!]?.actor).toBe((await window.status()).open?.person.id);
  });

  it('are shared: the next person needs somebody who opens, and then only the own password', async () => {
    await signIn();
    expect(await codeOf(signIn(ben))).toBe('vault.needs-opener');
    expect(await codeOf(signIn(ben, { ...ann, password: 'guessed' }))).toBe('account.wrong-credentials');
    expect(await signIn(ben, ann)).toMatchObject({ open: { person: { email: ben.email } } });
    await window.lock();
    browser.online(false);
    expect(await window.unlock(ben)).toMatchObject({ open: { person: { role: 'user' } } });
    expect(await codeOf(window.append([review]))).toBe('sync.grant-expired');
    expect((await window.status()).open).not.toHaveProperty('grantEndsAt');
    expect(await window.unlock(ann)).toMatchObject({ open: { person: { role: 'doctor' } } });
    await window.append([review]);
  });

  it('are of one clinic and one hub', async () => {
    const { clinics } = hub.records.accounts;
    const cy = { email: 'cy@example.org', password: 'south of the river' };
    await clinics.found('South clinic', { ...cy, role: 'doctor' });
    await signIn();
    expect(await codeOf(signIn(cy, ann))).toBe('sync.other-clinic');
    expect(await codeOf(window.unlock(cy))).toBe('account.wrong-credentials');

    const other = testBrowser(hub, async (url, answer) => {
      if (!url.endsWith('/devices') || !answer.ok || isFirst) return answer;
      return Response.json({ ...((await answer.json()) as object), rootKey: 'A'.repeat(43) });
    });
    let isFirst = true;
    const there = other.open();
    await there.signIn({ ...ann, deviceName });
    isFirst = false;
    expect(await codeOf(there.signIn({ ...ann, deviceName }))).toBe('log.hub-inconsistent');
  });

  it('open with the earlier password until the device meets the hub again', async () => {
    const { open } = await signIn();
    const next = { ...ann, password: 'another one for today' };
    const { sessions, users } = hub.records.accounts;
    const { accessToken } = await sessions.login({ ...ann, client: 'program' }, undefined);
    const member = (await sessions.authenticate(accessToken))!;
    await users.changePassword(member, { current: ann.password, next: next.password });
    await window.lock();
    await window.unlock(ann);
    expect(await codeOf(signIn(next))).toBe('vault.needs-opener');
    expect((await signIn(next, ann)).open?.device).toBe(open?.device);
    await window.lock();
    expect(await codeOf(window.unlock(ann))).toBe('account.wrong-credentials');
    await window.unlock(next);
  });

  it('go on after the leave to sign readings has ended, but for those, whatever the clock says', async () => {
    const { open } = await signIn();
    const endsAt = open!.grantEndsAt!;
    expect(Math.round((endsAt - browser.clock()) / dayMs)).toBe(14);
    await settled();
    browser.online(false);
    await window.append([review]);
    const start = browser.clock();
    browser.pass(15 * dayMs);
    await window.unlock(ann);
    expect(await codeOf(window.append([review]))).toBe('sync.grant-expired');
    await window.append([image]);
    browser.setClock(start);
    expect(await codeOf(window.append([review]))).toBe('sync.grant-expired');
    expect((await window.status()).open).not.toHaveProperty('grantEndsAt');
    await window.lock();
    browser.kill();
    window = browser.open();
    await window.unlock(ann);
    expect(await codeOf(window.append([review]))).toBe('sync.grant-expired');
    browser.online(true);
    browser.setClock(start);
    await signIn();
    await window.append([review]);
    await settled();
    await window.lock();
    browser.kill();
    window = browser.open();
    expect((await window.unlock(ann)).open).toHaveProperty('grantEndsAt');
    await settled();
    expect(await hub.kinds()).toMatchObject({ 'review.added': 2, 'image.added': 1 });
    expect(await hub.findings()).toEqual([]);
  });

  it('lock themselves when nobody is there, by whichever clock', async () => {
    await signIn();
    browser.pass(9 * 60_000);
    await window.touch();
    browser.pass(9 * 60_000);
    expect((await window.status()).vault).toBe('open');
    browser.pass(60_000);
    expect((await window.status()).vault).toBe('locked');
    await window.unlock(ann);
    // It slept, and only the clock on the wall went on.
    browser.setClock(browser.clock() + 3_600_000);
    expect(await codeOf(window.append([image]))).toBe('vault.locked');
  });

  it('are open or locked in all windows together', async () => {
    const second = browser.open();
    await signIn();
    const vaultOf = async (api: RecordsApi) => (await api.status()).vault;
    await expect.poll(() => vaultOf(second)).toBe('open');
    const third = browser.open();
    await expect.poll(() => vaultOf(third)).toBe('open');
    await second.append([image]);
    expect(await third.row('images', film)).toBeDefined();
    await third.lock();
    await expect
      .poll(async () => [await vaultOf(window), await vaultOf(second), await vaultOf(third)])
      .toEqual(['locked', 'locked', 'locked']);
    expect(await codeOf(second.append([image]))).toBe('vault.locked');
  });

  it('stay locked for keys from before they were locked, however late those come', async () => {
    const second = browser.open();
    browser.holdMessages();
    await signIn();
    await window.lock();
    browser.releaseMessages();
    // What came late has been looked at once this one has been answered.
    expect(await codeOf(second.unlock({ ...ann, password: 'guessed' }))).toBe('account.wrong-credentials');
    expect((await second.status()).vault).toBe('locked');
    expect(await codeOf(second.append([image]))).toBe('vault.locked');
  });

  it('open with the clinic’s key for somebody whom the hub lets in, when nobody knows a password any more', async () => {
    const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
    const recoveryKey = toBase64Url(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)));
    const secret = toBase64Url(new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey)));
    browser = testBrowser(hub, async (url, answer) => {
      if (!url.endsWith('/devices') || !answer.ok) return answer;
      const enrolled = (await answer.json()) as { policy: object };
      return Response.json({ ...enrolled, policy: { ...enrolled.policy, recoveryKey } });
    });
    window = browser.open();
    await signIn();
    await window.append([image]);
    await settled();
    await window.lock();
    const opened = await window.signIn({ ...ben, deviceName, opener: { recoveryKey: secret } });
    expect(opened).toMatchObject({ open: { person: { email: ben.email } } });
    expect(await window.row('images', film)).toBeDefined();
    const forged = { ...ben, deviceName, opener: { recoveryKey: 'AAAA' } };
    expect(await codeOf(window.signIn(forged))).toBe('account.wrong-credentials');
  });

  it('hold what was begun, for as long as it is wanted', async () => {
    expect(await codeOf(window.keepDraft(film, { note: 'half a' }))).toBe('vault.locked');
    await signIn();
    await window.keepDraft(film, { note: 'half a' });
    expect(await window.draft(film)).toEqual({ note: 'half a' });
    await window.keepDraft(film, undefined);
    expect(await window.draft(film)).toBeUndefined();
    await window.lock();
    expect(await codeOf(window.draft(film))).toBe('vault.locked');
  });

  it('are synced by one window for all, with one refresh at a time', async () => {
    const second = browser.open();
    await signIn();
    await settled();
    await second.append([image]);
    await expect.poll(async () => (await second.status()).open?.counts.outbox).toBe(0);
    const refreshes = () => browser.asked.filter((url) => url.endsWith('/refresh')).length;
    expect(refreshes()).toBeLessThanOrEqual(1);
    expect(await hub.findings()).toEqual([]);
  });

  it('that the browser has thrown away come back from the hub, with a new chain', async () => {
    const before = await signIn();
    await window.append([image]);
    await expect.poll(async () => (await window.status()).open?.counts.outbox).toBe(0);
    await window.lock();
    browser.evictRecords();
    browser.online(false);
    expect(await codeOf(window.unlock(ann))).toBe('sync.unknown-device');
    browser.online(true);
    const after = await signIn();
    expect(after.open?.device).not.toBe(before.open?.device);
    await settled();
    expect(await window.row('images', film)).toBeDefined();
    await window.append([review]);
    await window.syncNow();
    await expect.poll(async () => (await window.status()).open?.counts.outbox).toBe(0);
    expect(await hub.findings()).toEqual([]);
  });

  it('go on with a new key where the chain is broken', async () => {
    const before = await signIn();
    const [h] = await window.append([image]);
    await settled();
    await browser.store().markBroken({ why: 'forked', n: 1, hs: [h!] });
    expect(await codeOf(window.append([review]))).toBe('log.forked');
    expect((await window.status()).open?.broken).toBe(true);
    const after = await signIn();
    expect(after.open).toMatchObject({ broken: false });
    expect(after.open?.device).not.toBe(before.open?.device);
    await window.append([review]);
    await window.syncNow();
    await expect.poll(async () => (await window.status()).open?.counts.outbox).toBe(0);
    expect(await hub.kinds()).toMatchObject({ 'image.added': 1, 'review.added': 1 });
    expect(await hub.findings()).toEqual([]);
  });

  it('say that somebody has to sign in when the hub has shut the device out, and go on with a new key', async () => {
    const before = await signIn();
    await settled();
    await hub.records.accounts.devices.revoke(
      { ...hub.actor, role: 'admin' },
      before.open!.device,
      'was lost',
    );
    await window.append([image]);
    await expect.poll(async () => (await window.status()).sync).toMatchObject({ state: 'stopped' });
    const after = await signIn();
    expect(after.open?.device).not.toBe(before.open?.device);
    await window.append([review]);
    await window.syncNow();
    await settled();
    expect(await hub.kinds()).toMatchObject({ 'review.added': 1 });
  });

  it('say that they are gone, and are fetched again with the session that is kept, under a new key', async () => {
    const { open } = await signIn();
    const [h] = await window.append([image]);
    await settled();
    browser.online(false);
    const [unsent] = await window.append([review]);
    const noted = await window.unsynced();
    expect(noted).toMatchObject({
      count: 1,
      kinds: { 'review.added': 1 },
      device: open?.device,
      pictures: 0,
    });
    expect(noted.names.map(([name]) => name)).toEqual([unsent]);
    await window.lock();
    browser.kill();
    browser.evictRecords();

    window = browser.open();
    expect(await window.status()).toMatchObject({ vault: 'locked', damage: 'records-gone' });
    expect(await codeOf(window.unlock(ann))).toBe('sync.unknown-device');
    expect(await codeOf(window.unlock({ ...ann, rebuild: true }))).toBe('network.unreachable');
    browser.online(true);
    const rebuilt = await window.unlock({ ...ann, rebuild: true });
    expect(rebuilt).not.toHaveProperty('damage');
    expect(rebuilt.open?.device).not.toBe(open?.device);
    await settled();
    expect((await window.row('images', film))?.clear.added).toHaveProperty(h!);
    expect(await window.stillMissing(noted)).toMatchObject({ count: 1, kinds: { 'review.added': 1 } });
    await window.append([review]);
    await settled();
    expect(await hub.kinds()).toMatchObject({ 'device.enrolled': 3, 'image.added': 1, 'review.added': 1 });
    expect(await hub.findings()).toEqual([]);
  });

  it('say that they are damaged, also after a restart, until they are made anew by signing in', async () => {
    await signIn();
    await window.append([image]);
    await settled();
    browser.damageRecords();
    await window.lock();
    expect(await codeOf(window.unlock(ann))).toBe('storage.damaged');
    await expect.poll(async () => (await window.status()).damage).toBe('records-damaged');
    browser.kill();
    window = browser.open();
    expect(await window.status()).toMatchObject({ vault: 'locked', damage: 'records-damaged' });
    expect(await window.signIn({ ...ann, deviceName, rebuild: true })).not.toHaveProperty('damage');
    await settled();
    expect(await window.row('images', film)).toBeDefined();
    expect(await hub.findings()).toEqual([]);
  });

  it('are damaged when the ledger knows of more', async () => {
    await signIn();
    await window.distrust();
    expect((await window.status()).damage).toBe('records-damaged');
    await window.lock();
    expect(await window.unlock({ ...ann, rebuild: true })).not.toHaveProperty('damage');
  });

  it('are of no use without the vault, and give way to new ones', async () => {
    await signIn();
    await window.append([image]);
    await settled();
    await window.lock();
    browser.kill();
    browser.vaultStore.items.clear();
    window = browser.open();
    expect(await window.status()).toMatchObject({ vault: 'none', damage: 'vault-gone' });
    expect(await signIn()).not.toHaveProperty('damage');
    await settled();
    expect(await window.row('images', film)).toBeDefined();
  });

  it('open for nobody where the vault is damaged, until somebody wants everything anew', async () => {
    await signIn();
    await settled();
    await window.lock();
    await browser.vaultStore.update('vault', () => ({ format: 1, scribbled: true }));
    expect(await window.status()).toMatchObject({ vault: 'none', damage: 'vault-gone' });
    expect(await codeOf(signIn())).toBe('storage.damaged');
    expect(await window.signIn({ ...ann, deviceName, rebuild: true })).not.toHaveProperty('damage');
    await settled();
  });
});
