import { createHmac, hkdfSync } from 'node:crypto';
import { concatBytes, equalBytes } from '../../shared/kernel/bytes.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import { decrypt, encrypt, fewRandomBytes } from './aes-gcm.ts';
import { type MasterKey, masterKeyBytes, masterKeyIdBytes } from './master-key.ts';
import { type DataKey, type KeyVault, sealedPieceBytes, wrappedKeyBytes } from './sealer-api.ts';

// A wrapped key: version (1 byte) ‖ id of the master key (8) ‖ the data key, encrypted (60). What is sealed: a wrapped key ‖
// the content, encrypted under it. Both encryptions bind the same place, by different names.

const version = 1;
const idEnds = 1 + masterKeyIdBytes;
const dataKeyBytes = 32;

const wrapPlace = (aad: string): string => `wrap:1\n${aad}`;
const contentPlace = (aad: string): string => `seal:1\n${aad}`;

function dataKey(secret: Uint8Array): DataKey {
  return {
    seal: (plain, aad) => encrypt(secret, plain, contentPlace(aad)),
    open: (sealed, aad) => decrypt(secret, sealed, contentPlace(aad)),
  };
}

/** Just the part of a vault that needs no index key: enough to open the index key itself. */
export function createWrapper(ring: readonly MasterKey[]) {
  const [present] = ring;
  if (present === undefined) throw new TypeError('a ring without a key');

  const wrap = (secret: Uint8Array, aad: string): Uint8Array =>
    concatBytes(Uint8Array.of(version), present.id, encrypt(present.wrapping, secret, wrapPlace(aad)));

  const masterOf = (sealed: Uint8Array, aad: string): MasterKey => {
    const id = sealed.subarray(1, idEnds);
    const known = sealed[0] === version ? ring.find((key) => equalBytes(key.id, id)) : undefined;
    if (known !== undefined && sealed.length >= wrappedKeyBytes) return known;
    const why = 'it is in no known form, or under a master key that this hub was not given';
    throw new AppError('storage.sealed', `what is sealed for "${aad}" cannot be opened: ${why}`);
  };

  const unwrapSecret = (sealed: Uint8Array, aad: string): Uint8Array =>
    decrypt(masterOf(sealed, aad).wrapping, sealed.subarray(idEnds, wrappedKeyBytes), wrapPlace(aad));

  return {
    newKey(aad: string) {
      const secret = fewRandomBytes(dataKeyBytes);
      return { wrapped: wrap(secret, aad), key: dataKey(secret) };
    },
    unwrap: (wrapped: Uint8Array, aad: string) => dataKey(unwrapSecret(wrapped, aad)),
    seal(plain: Uint8Array, aad: string) {
      const secret = fewRandomBytes(dataKeyBytes);
      return concatBytes(wrap(secret, aad), dataKey(secret).seal(plain, aad));
    },
    open: (sealed: Uint8Array, aad: string) =>
      dataKey(unwrapSecret(sealed, aad)).open(sealed.subarray(wrappedKeyBytes), aad),
    rewrap(sealed: Uint8Array, aad: string) {
      if (masterOf(sealed, aad) === present) return undefined;
      return concatBytes(wrap(unwrapSecret(sealed, aad), aad), sealed.subarray(wrappedKeyBytes));
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
