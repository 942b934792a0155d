import { describe, expect, it } from 'vitest';
import { utf8 } from '../../shared/kernel/bytes.ts';
import { aesSealer } from './aes-sealer.ts';

const newKey = () =>
  crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);

describe('a sealed piece', () => {
  const plain = utf8('Mrs. Miller coughs');

  it('opens at its place, with its key', async () => {
    const sealer = aesSealer(await newKey());
    const sealed = await sealer.seal(plain, 'here');
    expect(await sealer.open(sealed, 'here')).toEqual(new Uint8Array(plain));
    expect(await sealer.open(await sealer.seal(new Uint8Array(), 'here'), 'here')).toEqual(new Uint8Array());
  });

  it('never looks the same twice, nor shows what it holds', async () => {
    const sealer = aesSealer(await newKey());
    const [one, other] = await Promise.all([sealer.seal(plain, 'here'), sealer.seal(plain, 'here')]);
    expect(Buffer.from(one)).not.toEqual(Buffer.from(other));
    expect(Buffer.from(one).toString('latin1')).not.toContain('Miller');
  });

  it('opens nowhere else, not with another key, and not when anything of it was altered', async () => {
    const sealer = aesSealer(await newKey());
    const sealed = await sealer.seal(plain, 'here');
    const refused = { code: 'storage.sealed' };
    await expect(sealer.open(sealed, 'there')).rejects.toMatchObject(refused);
    await expect(aesSealer(await newKey()).open(sealed, 'here')).rejects.toMatchObject(refused);
    await expect(sealer.open(sealed.slice(0, 20), 'here')).rejects.toMatchObject(refused);
    for (let at = 0; at < sealed.byteLength; at++) {
      const altered = new Uint8Array(sealed.slice());
      altered[at]! ^= 1;
      await expect(sealer.open(altered.buffer, 'here'), `byte ${at}`).rejects.toMatchObject(refused);
    }
  });
});
