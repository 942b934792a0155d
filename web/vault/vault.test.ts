import { describe, expect, it } from 'vitest';
import { memoryVaultStore, testMachine, testVault } from '../../tests/fixtures/memory-vault.ts';
import { toBase64Url, utf8 } from '../../shared/kernel/bytes.ts';
import { aesSealer } from './aes-sealer.ts';
import { VaultFile } from './vault-file.ts';
import type { VaultKeys } from './vault-keys.ts';

const ann = { email: 'ann@example.org', password: 'seven lungs under glass' };
const ben = { email: 'ben@example.org', password: 'a film on the window' };
const here = { id: '00000000-0000-4000-8000-000000000001' };
const wrong = { code: 'account.wrong-credentials' };

/** Whether two openings are of one vault, and of one person. */
async function sameKeys(
  one: VaultKeys,
  other: VaultKeys,
): Promise<Record<'records' | 'device' | 'own', boolean>> {
  const same = async (name: 'records' | 'device' | 'own'): Promise<boolean> => {
    const sealed = await aesSealer(one[name]).seal(utf8('x'), 'here');
    return aesSealer(other[name])
      .open(sealed, 'here')
      .then(
        () => true,
        () => false,
      );
  };
  return { records: await same('records'), device: await same('device'), own: await same('own') };
}

describe('a vault', () => {
  it('opens for its person, however the address is written, and for nobody else', async () => {
    const vault = testVault();
    expect(await vault.clinic()).toBeUndefined();
    await expect(vault.unlock(ann)).rejects.toMatchObject({ code: 'vault.none' });
    const made = await vault.create(ann, here);
    expect(await vault.clinic()).toBe(here.id);
    const opened = await vault.unlock({ ...ann, email: ' Ann@Example.org ' });
    expect(await sameKeys(made, opened)).toEqual({ records: true, device: true, own: true });
    await expect(vault.unlock({ ...ann, password: ben.password })).rejects.toMatchObject(wrong);
    await expect(vault.unlock(ben)).rejects.toMatchObject(wrong);
  });

  it('is another one on each device, and made once', async () => {
    const vault = testVault();
    const [one, other] = [await vault.create(ann, here), await testVault().create(ann, here)];
    expect(await sameKeys(one, other)).toEqual({ records: false, device: false, own: false });
    await expect(vault.create(ben, here)).rejects.toMatchObject({ code: 'vault.needs-opener' });
  });

  it('hands out keys that cannot be read', async () => {
    const keys = await testVault().create(ann, here);
    for (const key of [keys.records, keys.device, keys.own]) {
      await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow('not extractable');
    }
  });

  it('holds no address, no password and no key in clear', async () => {
    const store = memoryVaultStore();
    await testVault(store).create(ann, here);
    const text = JSON.stringify([...store.items], (_, value: unknown) =>
      value instanceof ArrayBuffer ? Buffer.from(value).toString('latin1') : value,
    );
    expect(text).not.toContain('ann');
    expect(text).not.toContain('lungs');
  });

  it('is shared: each opens it with an own password, and none has the other’s own key', async () => {
    const vault = testVault();
    const ofAnn = await vault.create(ann, here);
    await expect(vault.admit(ben, { ...ann, password: 'guessed' })).rejects.toMatchObject(wrong);
    const ofBen = await vault.admit(ben, ann);
    expect(await sameKeys(ofAnn, ofBen)).toEqual({ records: true, device: true, own: false });
    expect(await sameKeys(ofBen, await vault.unlock(ben))).toEqual({
      records: true,
      device: true,
      own: true,
    });
    expect(await sameKeys(ofAnn, await vault.unlock(ann))).toEqual({
      records: true,
      device: true,
      own: true,
    });
  });

  it('takes another password from who has the earlier one, and then the earlier one no more', async () => {
    const vault = testVault();
    const before = await vault.create(ann, here);
    const next = { ...ann, password: 'eight lungs under ice' };
    const after = await vault.admit(next, ann);
    expect(await sameKeys(before, after)).toEqual({ records: true, device: true, own: true });
    await expect(vault.unlock(ann)).rejects.toMatchObject(wrong);
    await vault.unlock(next);
  });

  it('gives who has forgotten the earlier password a new own key, when a colleague opens', async () => {
    const vault = testVault();
    const before = await vault.create(ann, here);
    await vault.admit(ben, ann);
    const after = await vault.admit({ ...ann, password: 'remembered this time' }, ben);
    expect(await sameKeys(before, after)).toEqual({ records: true, device: true, own: false });
    await expect(vault.unlock(ann)).rejects.toMatchObject(wrong);
  });

  it('opens with a passkey, whose secret is worth nothing for another', async () => {
    const vault = testVault();
    const made = await vault.create(ann, here);
    const secret = crypto.getRandomValues(new Uint8Array(32));
    const passkey = { credential: 'cred', salt: utf8('salt'), secret };
    await expect(vault.addPasskey({ ...ann, password: 'guessed' }, passkey)).rejects.toMatchObject(wrong);
    await vault.addPasskey(ann, passkey);
    expect(await vault.passkeys()).toEqual([{ credential: 'cred', salt: utf8('salt') }]);
    const opened = await vault.unlockWithPasskey({ credential: 'cred', secret });
    expect(await sameKeys(made, opened)).toEqual({ records: true, device: true, own: true });
    const other = new Uint8Array(32);
    await expect(vault.unlockWithPasskey({ credential: 'cred', secret: other })).rejects.toMatchObject(wrong);
    await expect(vault.unlockWithPasskey({ credential: 'none', secret })).rejects.toMatchObject(wrong);
  });

  it('opens with the clinic’s recovery key, and with no other', async () => {
    const newPair = () =>
      crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
    const [clinic, thief] = [await newPair(), await newPair()];
    const to = toBase64Url(new Uint8Array(await crypto.subtle.exportKey('raw', clinic.publicKey)));
    const vault = testVault();
    const made = await vault.create(ann, { ...here, recovery: to });
    const next = { ...ann, password: 'after the fire' };
    await expect(vault.recover(next, thief.privateKey)).rejects.toMatchObject(wrong);
    const recovered = await vault.recover(next, clinic.privateKey);
    expect(await sameKeys(made, recovered)).toEqual({ records: true, device: true, own: false });
    await vault.unlock(next);
    const without = testVault();
    await without.create(ann, here);
    await expect(without.recover(next, clinic.privateKey)).rejects.toMatchObject(wrong);
  });

  it('does not open when anything of its file was exchanged', async () => {
    const store = memoryVaultStore();
    const vault = testVault(store);
    await vault.create(ann, here);
    await vault.admit(ben, ann);
    const file = VaultFile.parse(store.items.get('vault'));
    const [first, second] = file.people;
    // Ben's password under Ann's name.
    store.items.set('vault', { ...file, people: [{ ...first, password: second!.password }, second] });
    await expect(vault.unlock({ ...ann, password: ben.password })).rejects.toMatchObject(wrong);
    store.items.set('vault', { ...file, format: 2 });
    await expect(vault.unlock(ann)).rejects.toMatchObject({ code: 'storage.newer' });
    store.items.set('vault', 'scribble');
    await expect(vault.unlock(ann)).rejects.toMatchObject({ code: 'storage.damaged' });
  });
});

describe('the price of a guess', () => {
  it('is 250 ms of this machine, and 64 MiB with three passes on any', async () => {
    const parametersOn = async (passMs: number) => {
      const store = memoryVaultStore();
      await testVault(store, testMachine({ passMs })).create(ann, here);
      return VaultFile.parse(store.items.get('vault')).people[0]!.password;
    };
    expect(await parametersOn(500)).toMatchObject({
      parameters: { memoryKib: 65_536, passes: 3 },
      tookMs: 1500,
    });
    const fast = await parametersOn(20);
    expect(fast.parameters.passes).toBeGreaterThan(3);
    expect(fast.tookMs).toBeGreaterThanOrEqual(250);
  });

  it('rises when the machine turns out to be faster', async () => {
    const store = memoryVaultStore();
    await testVault(store, testMachine({ passMs: 500 })).create(ann, here);
    const fast = testVault(store, testMachine({ passMs: 10 }));
    const [one, other] = [await fast.unlock(ann), await fast.unlock(ann)];
    expect(VaultFile.parse(store.items.get('vault')).people[0]!.password.parameters.passes).toBeGreaterThan(
      24,
    );
    expect(await sameKeys(one, other)).toMatchObject({ records: true, own: true });
  });

  it('is the same for who is not known here', async () => {
    const machine = testMachine();
    const vault = testVault(memoryVaultStore(), machine);
    await vault.create(ann, here);
    const before = machine.derivations();
    await expect(vault.unlock(ben)).rejects.toMatchObject(wrong);
    await expect(vault.unlock({ ...ann, password: 'guessed' })).rejects.toMatchObject(wrong);
    expect(machine.derivations() - before).toBe(2);
  });
});

describe('wrong passwords', () => {
  const guess = { ...ann, password: 'guessed' };
  const wait = { code: 'account.too-many-attempts' };

  async function guessed(times: number) {
    const [store, machine] = [memoryVaultStore(), testMachine()];
    const vault = testVault(store, machine);
    await vault.create(ann, here);
    await vault.admit(ben, ann);
    for (let count = 0; count < times; count++) {
      await expect(vault.unlock(guess)).rejects.toMatchObject(wrong);
      machine.pass(600_000);
    }
    return { store, machine, vault };
  }

  it('are followed by a wait that doubles up to five minutes, also for the right one', async () => {
    const waits: unknown[] = [];
    const { vault, machine } = await guessed(2);
    for (let count = 0; count < 12; count++) {
      await expect(vault.unlock(guess)).rejects.toMatchObject(wrong);
      const refused = await vault.unlock(ann).catch((error: unknown) => error);
      expect(refused).toMatchObject(wait);
      const { retryAfterMs } = (refused as { details: { retryAfterMs: number } }).details;
      waits.push(retryAfterMs / 1000);
      machine.pass(retryAfterMs);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
    await vault.unlock(ann);
  });

  it('are forgotten after the right one', async () => {
    const { vault } = await guessed(3);
    await vault.unlock(ann);
    for (let count = 0; count < 3; count++) await expect(vault.unlock(guess)).rejects.toMatchObject(wrong);
  });

  it('make wait after a restart, too, from its beginning', async () => {
    const { store } = await guessed(6);
    const machine = testMachine();
    const again = testVault(store, machine);
    machine.pass(1000);
    await expect(again.unlock(ann)).rejects.toMatchObject(wait);
    machine.pass(8000);
    await again.unlock(ann);
  });

  it('are counted before they are looked at: a program that is killed saves none', async () => {
    const { store } = await guessed(2);
    const machine = testMachine();
    const killed = testVault(store, {
      ...machine,
      tools: { ...machine.tools, argon2id: () => new Promise(() => undefined) },
    });
    void killed.unlock(guess);
    const again = testVault(store);
    await expect
      .poll(() =>
        again.unlock(ann).then(
          () => 'open',
          (error: { code: string }) => error.code,
        ),
      )
      .toBe(wait.code);
  });

  it('given in another window are counted here, and the wait begins anew', async () => {
    const { store, vault } = await guessed(3);
    const other = testMachine();
    const window = testVault(store, other);
    await expect(window.unlock(guess)).rejects.toMatchObject(wait);
    other.pass(1000);
    await expect(window.unlock(guess)).rejects.toMatchObject(wrong);
    await expect(vault.unlock(guess)).rejects.toMatchObject(wait);
  });

  it('asked all at once wait for each other', async () => {
    const { vault, machine } = await guessed(0);
    const before = machine.derivations();
    const answers = await Promise.allSettled(Array.from({ length: 20 }, () => vault.unlock(guess)));
    expect(answers.every(({ status }) => status === 'rejected')).toBe(true);
    expect(machine.derivations() - before).toBe(3);
  });

  it('for one person, or for strangers, do not keep another one out', async () => {
    const { vault } = await guessed(8);
    const stranger = { email: 'eve@example.org', password: 'guessed' };
    for (let count = 0; count < 3; count++) await expect(vault.unlock(stranger)).rejects.toMatchObject(wrong);
    await expect(vault.unlock({ ...stranger, email: 'mallory@example.org' })).rejects.toMatchObject(wait);
    await vault.unlock(ben);
  });
});
