import type { webcrypto } from 'node:crypto';
import { fromBase64Url, toBase64Url, toHex } from '../../shared/kernel/bytes.ts';
import { createSerialQueue } from '../../shared/kernel/serial-queue.ts';
import type { SealedColumn } from '../keys/sealer-api.ts';
import type { Row } from '../store/database.ts';
import { type AuthDeps, readOne, statement } from './auth-deps.ts';

/** A key pair has one purpose; a token signed for one is none for the other. */
export type KeyPurpose = 'access' | 'grant';

export interface SigningKey {
  readonly kid: string;
  readonly privateKey: webcrypto.CryptoKey;
  /** Base64url, 32 bytes. */
  readonly publicKey: string;
}

export interface TokenKeys {
  /** The newest; a new one is made when it has signed for a month. */
  signingKey(purpose: KeyPurpose): Promise<SigningKey>;
  /** Undefined for a key of another purpose, an unknown one, or one whose tokens must have run out by now. */
  verifyingKey(purpose: KeyPurpose, kid: string): Promise<webcrypto.CryptoKey | undefined>;
  /** The secret from which refresh tokens follow from each other; made once. */
  refreshSecret(): Promise<Uint8Array>;
}

interface VerifyingKey {
  readonly key: webcrypto.CryptoKey;
  readonly createdAt: number;
}

const dayMs = 24 * 3600 * 1000;
const signsForMs = 30 * dayMs;
/** How long the longest-lived token outlives the key's last signature, and a little more. */
const outlivedForMs = { access: 3600 * 1000, grant: 31 * dayMs } as const satisfies Record<
  KeyPurpose,
  number
>;
const ed25519 = { name: 'Ed25519' };

const aad = (kid: string): string => `token_keys\n${kid}\n1`;

export const sealedTokenKeys: SealedColumn = {
  table: 'token_keys',
  keys: ['kid'],
  column: 'secret',
  aad: ({ kid }) => aad(String(kid)),
};

type Bytes = Uint8Array<ArrayBuffer>;

/** A blob of a row; the drivers give an ArrayBuffer or a view. */
function bytesOf(value: unknown): Bytes {
  return new Uint8Array(value as ArrayBuffer);
}

export function createTokenKeys({ database, sealer, now, random }: AuthDeps): TokenKeys {
  const queue = createSerialQueue();
  const signing = new Map<KeyPurpose, SigningKey & { readonly createdAt: number }>();
  /** A key never changes, and every request asks for one. Only those that exist are kept: a new one each month. */
  const verifying = new Map<string, VerifyingKey>();
  let refreshSecret: Uint8Array | undefined;

  const newest = (purpose: string): Promise<Row | undefined> =>
    readOne(
      database,
      'SELECT * FROM token_keys WHERE purpose = ? ORDER BY created_at DESC, kid LIMIT 1',
      purpose,
    );

  async function keep(purpose: string, publicKey: string, secret: Uint8Array): Promise<void> {
    const kid = toHex(random(8));
    await database.write([
      statement(
        'INSERT INTO token_keys (kid, purpose, public_key, secret, created_at) VALUES (?, ?, ?, ?, ?)',
        kid,
        purpose,
        publicKey,
        sealer.seal(secret, aad(kid)),
        now(),
      ),
    ]);
  }

  async function makePair(purpose: KeyPurpose): Promise<void> {
    const pair = (await crypto.subtle.generateKey(ed25519, true, [
      'sign',
      'verify',
    ])) as webcrypto.CryptoKeyPair;
    const raw = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
    const pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey));
    await keep(purpose, toBase64Url(raw), pkcs8);
  }

  async function openPair(row: Row): Promise<SigningKey & { readonly createdAt: number }> {
    const kid = String(row['kid']);
    const pkcs8 = Uint8Array.from(sealer.open(bytesOf(row['secret']), aad(kid)));
    const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, ed25519, false, ['sign']);
    return { kid, privateKey, publicKey: String(row['public_key']), createdAt: Number(row['created_at']) };
  }

  async function readVerifyingKey(purpose: KeyPurpose, kid: string): Promise<VerifyingKey | undefined> {
    const row = await readOne(
      database,
      'SELECT public_key, created_at FROM token_keys WHERE kid = ? AND purpose = ?',
      kid,
      purpose,
    );
    if (row === undefined) return undefined;
    const raw = fromBase64Url(String(row['public_key']));
    const key = await crypto.subtle.importKey('raw', raw, ed25519, false, ['verify']);
    return { key, createdAt: Number(row['created_at']) };
  }

  return {
    signingKey: (purpose) =>
      queue.run(async () => {
        const isFresh = (createdAt: unknown): boolean => now() - Number(createdAt) < signsForMs;
        const known = signing.get(purpose);
        if (known !== undefined && isFresh(known.createdAt)) return known;
        let row = await newest(purpose);
        if (row === undefined || !isFresh(row['created_at'])) {
          await makePair(purpose);
          // Another process may have made one, too; both are as good, and both verify.
          row = await newest(purpose);
        }
        const opened = await openPair(row!);
        signing.set(purpose, opened);
        return opened;
      }),

    async verifyingKey(purpose, kid) {
      const name = `${purpose} ${kid}`;
      const known = verifying.get(name) ?? (await readVerifyingKey(purpose, kid));
      if (known === undefined) return undefined;
      verifying.set(name, known);
      return now() - known.createdAt > signsForMs + outlivedForMs[purpose] ? undefined : known.key;
    },

    refreshSecret: () =>
      queue.run(async () => {
        if (refreshSecret !== undefined) return refreshSecret;
        if ((await newest('refresh')) === undefined) await keep('refresh', '', random(32));
        // The oldest counts: of two processes that made one at the same moment, both take the same.
        const row = await readOne(
          database,
          'SELECT kid, secret FROM token_keys WHERE purpose = ? ORDER BY created_at, kid LIMIT 1',
          'refresh',
        );
        refreshSecret = sealer.open(bytesOf(row!['secret']), aad(String(row!['kid'])));
        return refreshSecret;
      }),
  };
}
