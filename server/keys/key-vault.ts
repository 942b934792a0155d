import { createHmac, hkdfSync } from 'node:crypto';
import { concatBytes, equalBytes } from '../../shared/kernel/bytes.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import { decrypt, encrypt, fewRandomBytes } from './aes-gcm.ts';
import { type MasterKey, masterKeyBytes, masterKeyIdBytes } from './master-key.ts';
import { type DataKey, type KeyVault, sealedPieceBytes, wrappedKeyBytes } from './sealer-api.ts';

// A wrapped key: form (1 byte) ‖ id of the master key (8) ‖ the data key, encrypted (60). What is sealed: a wrapped key ‖ the
// content, encrypted under it and bound to its place. The key of one thing is bound to the same place by another name; a key
// that many small things share, because wrapping one for each would be a second cipher for each, is bound to none.

const ownForm = 1;
const sharedForm = 2;
const idEnds = 1 + masterKeyIdBytes;
const dataKeyBytes = 32;

/** Things under one shared key: nonces are random, and equal ones are out of the question up to 2^32. */
const mostShared = 65_536;
const mostRemembered = 1024;

const contentPlace = (aad: string): string => `seal:1\n${aad}`;
const wrapPlace = (form: number, aad: string): string => (form === sharedForm ? 'wrap:2' : `wrap:1\n${aad}`);

function dataKey(secret: Uint8Array): DataKey {
  return {
    seal: (plain, aad) => encrypt(secret, plain, contentPlace(aad)),
    open: (sealed, aad) => decrypt(secret, sealed, contentPlace(aad)),
  };
}

/** What was worked out of a wrapped key, by its bytes. */
function remember<Result>(workOut: (wrapped: Uint8Array) => Result): (wrapped: Uint8Array) => Result {
  const known = new Map<string, Result>();
  return (wrapped) => {
    const name = Buffer.from(wrapped.buffer, wrapped.byteOffset, wrapped.length).toString('latin1');
    const found = known.get(name);
    if (found !== undefined) return found;
    const result = workOut(wrapped);
    if (known.size >= mostRemembered) known.clear();
    known.set(name, result);
    return result;
  };
}

/** Just the part of a vault that needs no index key: enough to open the index key itself. */
export function createWrapper(ring: readonly MasterKey[]) {
  const [present] = ring;
  if (present === undefined) throw new TypeError('a ring without a key');

  const wrap = (form: number, secret: Uint8Array, aad: string): Uint8Array =>
    concatBytes(Uint8Array.of(form), present.id, encrypt(present.wrapping, secret, wrapPlace(form, aad)));

  const masterOf = (sealed: Uint8Array, aad: string): MasterKey => {
    const id = sealed.subarray(1, idEnds);
    const isForm = sealed[0] === ownForm || sealed[0] === sharedForm;
    const known = isForm ? ring.find((key) => equalBytes(key.id, id)) : undefined;
    if (known !== undefined && sealed.length >= wrappedKeyBytes) return known;
    const why = 'it is in no known form, or under a master key that this hub was not given';
    throw new AppError('storage.sealed', `what is sealed for "${aad}" cannot be opened: ${why}`);
  };

  const unwrapSecret = (sealed: Uint8Array, aad: string): Uint8Array =>
    decrypt(
      masterOf(sealed, aad).wrapping,
      sealed.subarray(idEnds, wrappedKeyBytes),
      wrapPlace(sealed[0]!, aad),
    );
  const openShared = remember((wrapped) => dataKey(unwrapSecret(wrapped, '')));
  const rewrapShared = remember((wrapped) => wrap(sharedForm, unwrapSecret(wrapped, ''), ''));

  function unwrap(sealed: Uint8Array, aad: string): DataKey {
    const isShared = sealed[0] === sharedForm && sealed.length >= wrappedKeyBytes;
    return isShared ? openShared(sealed.subarray(0, wrappedKeyBytes)) : dataKey(unwrapSecret(sealed, aad));
  }

  let shared: { readonly wrapped: Uint8Array; readonly secret: Uint8Array } | undefined;
  let used = 0;
  function sharedKey(): { readonly wrapped: Uint8Array; readonly secret: Uint8Array } {
    if (shared === undefined || used >= mostShared) {
      const secret = fewRandomBytes(dataKeyBytes);
      shared = { wrapped: wrap(sharedForm, secret, ''), secret };
      used = 0;
    }
    used++;
    return shared;
  }

  return {
    newKey(aad: string) {
      const secret = fewRandomBytes(dataKeyBytes);
      return { wrapped: wrap(ownForm, secret, aad), key: dataKey(secret) };
    },
    unwrap,
    seal(plain: Uint8Array, aad: string) {
      const { wrapped, secret } = sharedKey();
      return encrypt(secret, plain, contentPlace(aad), wrapped);
    },
    open: (sealed: Uint8Array, aad: string) =>
      unwrap(sealed, aad).open(sealed.subarray(wrappedKeyBytes), aad),
    rewrap(sealed: Uint8Array, aad: string) {
      if (masterOf(sealed, aad) === present) return undefined;
      const wrapped =
        sealed[0] === sharedForm
          ? rewrapShared(sealed.subarray(0, wrappedKeyBytes))
          : wrap(ownForm, unwrapSecret(sealed, aad), aad);
      return concatBytes(wrapped, sealed.subarray(wrappedKeyBytes));
    },
  };
}

/**
 * @param ring the present master key first, then older ones that still open what they sealed
 * @param indexSecret 32 bytes that stay the same when the master key changes, or nothing indexed would be found again
 */
export function createKeyVault(ring: readonly MasterKey[], indexSecret: Uint8Array): KeyVault {
  if (indexSecret.length !== masterKeyBytes) throw new TypeError('an index secret has 32 bytes');
  const indexKeys = new Map<string, Uint8Array>();
  const indexKey = (purpose: string): Uint8Array => {
    const known = indexKeys.get(purpose);
    if (known !== undefined) return known;
    const info = `fieldray blind-index:1\n${purpose}`;
    const key = new Uint8Array(hkdfSync('sha256', indexSecret, new Uint8Array(0), info, dataKeyBytes));
    indexKeys.set(purpose, key);
    return key;
  };
  return {
    ...createWrapper(ring),
    blindIndex: (text, purpose) => createHmac('sha256', indexKey(purpose)).update(text, 'utf8').digest('hex'),
  };
}

// The two lengths that others rely on follow from the form above.
if (wrappedKeyBytes !== idEnds + dataKeyBytes + sealedPieceBytes) throw new TypeError('wrappedKeyBytes');
