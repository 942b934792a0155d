import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { SignJWT } from 'jose';
import { beforeEach, describe, expect, it } from 'vitest';
import { createKeyVault } from '../keys/key-vault.ts';
import { masterKey } from '../keys/master-key.ts';
import { accounts } from '../store/migrations/0003-accounts.ts';
import { standingClock } from '../../tests/hub/accounts-hub.ts';
import { fakeHubLog } from '../../tests/hub/fake-hub-log.ts';
import { testCrypto } from '../../tests/hub/device-key.ts';
import { memoryDatabase } from '../../tests/hub/memory-database.ts';
import { randomBytes } from 'node:crypto';
import { createSignedTokens, type SignedTokens } from './signed-tokens.ts';
import { createTokenKeys, type TokenKeys } from './token-keys.ts';

const dayS = 24 * 3600;
const claims = {
  sub: '0b9f6c1e-8a44-4d39-9a6e-5a2f0c0f4e02',
  clinic: '0b9f6c1e-8a44-4d39-9a6e-5a2f0c0f4e01',
  role: 'doctor' as const,
  sid: '0b9f6c1e-8a44-4d39-9a6e-5a2f0c0f4e03',
};

let clock: ReturnType<typeof standingClock>;
let keys: TokenKeys;
let tokens: SignedTokens;
let reopened: () => SignedTokens;

beforeEach(() => {
  clock = standingClock();
  const database = memoryDatabase(accounts.statements);
  const sealer = createKeyVault([masterKey(new Uint8Array(32).fill(1))], new Uint8Array(32).fill(2));
  const deps = {
    database,
    sealer,
    hubLog: fakeHubLog(database),
    logCrypto: testCrypto,
    now: clock.now,
    random: (bytes: number) => randomBytes(bytes),
    newId: () => crypto.randomUUID(),
  };
  keys = createTokenKeys(deps);
  tokens = createSignedTokens(keys, clock.now);
  reopened = () => createSignedTokens(createTokenKeys(deps), clock.now);
});

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** What an attacker writes by hand, without a library that would refuse to. */
async function forged(header: object, changes: object, signature: (text: string) => Buffer): Promise<string> {
  const now = Math.floor(clock.now() / 1000);
  const { kid } = await keys.signingKey('access');
  const payload = { ...claims, iss: 'fieldray-hub', aud: 'fieldray-api', iat: now, exp: now + 600 };
  const text = `${part({ alg: 'EdDSA', typ: 'at+jwt', kid, ...header })}.${part({ ...payload, ...changes })}`;
  return `${text}.${signature(text).toString('base64url')}`;
}

/** Signed as the hub signs, by its own key: only what is said in it is wrong. */
async function bySelf(header: object, changes: object, purpose: 'access' | 'grant' = 'access') {
  const { kid, privateKey } = await keys.signingKey(purpose);
  const now = Math.floor(clock.now() / 1000);
  const payload = {
    ...claims,
    iss: 'fieldray-hub',
    aud: 'fieldray-api',
    iat: now,
    exp: now + 600,
    ...changes,
  };
  return new SignJWT(payload)
    .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid, ...header })
    .sign(privateKey);
}

const by =
  (key: KeyObject) =>
  (text: string): Buffer =>
    sign(null, Buffer.from(text), key);

describe('an access token', () => {
  it('counts for ten minutes', async () => {
    const token = await tokens.sign('access', claims, 600);
    expect(await tokens.verify('access', token)).toEqual(claims);
    expect(await tokens.verify('access', await bySelf({}, {}))).toEqual(claims);
    clock.pass(599_000);
    expect(await tokens.verify('access', token)).toEqual(claims);
    clock.pass(2000);
    expect(await tokens.verify('access', token)).toBeUndefined();
  });

  it('counts after the hub was started again', async () => {
    const token = await tokens.sign('access', claims, 600);
    expect(await reopened().verify('access', token)).toEqual(claims);
  });

  const mallory = generateKeyPairSync('ed25519');
  const jwk = mallory.publicKey.export({ format: 'jwk' });

  it.each<[string, () => Promise<string>]>([
    ['is not signed at all', () => forged({ alg: 'none' }, {}, () => Buffer.alloc(0))],
    ['is not signed at all, in another spelling', () => forged({ alg: 'nOnE' }, {}, () => Buffer.alloc(0))],
    ['is signed by another key', () => forged({}, {}, by(mallory.privateKey))],
    ['brings its own key along', () => forged({ jwk }, {}, by(mallory.privateKey))],
    ['names a key that there is not', () => forged({ kid: 'f'.repeat(16) }, {}, by(mallory.privateKey))],
    ['names a key as a statement', () => forged({ kid: "' OR '1'='1" }, {}, by(mallory.privateKey))],
    ['names no key', () => forged({ kid: undefined }, {}, by(mallory.privateKey))],
    ['is of another type', () => bySelf({ typ: 'JWT' }, {})],
    ['is of the type of a grant', () => bySelf({ typ: 'fieldray-grant+jwt' }, {})],
    ['is for somebody else', () => bySelf({}, { aud: 'fieldray-device' })],
    ['comes from somebody else', () => bySelf({}, { iss: 'another-hub' })],
    ['does not end', () => bySelf({}, { exp: undefined })],
    ['does not say who it is for', () => bySelf({}, { aud: undefined })],
    ['counts from tomorrow on', () => bySelf({}, { nbf: Math.floor(clock.now() / 1000) + dayS })],
    ['has a role that there is not', () => bySelf({}, { role: 'root' })],
    ['is signed by the key of grants', () => bySelf({}, {}, 'grant')],
    ['is a grant', () => tokens.sign('grant', claims, 600)],
    ['demands what nobody understands', () => bySelf({ crit: ['exp'] }, {}).catch(() => 'x.y.z')],
    ['is no token', () => Promise.resolve('no token')],
    ['is nothing', () => Promise.resolve('')],
  ])('does not count when it %s', async (_what, make) => {
    expect(await tokens.verify('access', await make())).toBeUndefined();
  });

  it('does not count when the public key was used as a secret', async () => {
    const { publicKey } = await keys.signingKey('access');
    for (const secret of [publicKey, Buffer.from(publicKey, 'base64url')]) {
      const token = await forged({ alg: 'HS256' }, {}, (text) =>
        createHmac('sha256', secret).update(text).digest(),
      );
      expect(await tokens.verify('access', token)).toBeUndefined();
    }
  });

  it('does not count after any one character of it was changed', async () => {
    const token = await tokens.sign('access', claims, 600);
    for (let at = 0; at < token.length - 1; at += 3) {
      const other = token[at] === 'A' ? 'B' : 'A';
      const changed = token.slice(0, at) + other + token.slice(at + 1);
      expect(await tokens.verify('access', changed), `character ${at}`).toBeUndefined();
    }
  });
});

describe('the keys', () => {
  it('change every month; tokens of the last one count until they run out', async () => {
    clock.pass(1000);
    const first = (await keys.signingKey('access')).kid;
    clock.pass((30 * dayS - 1) * 1000);
    const late = await tokens.sign('access', claims, 600);
    expect((await keys.signingKey('access')).kid).toBe(first);
    clock.pass(2000);
    expect((await keys.signingKey('access')).kid).not.toBe(first);
    expect(await tokens.verify('access', late)).toEqual(claims);
    clock.pass(3600 * 1000);
    expect(await keys.verifyingKey('access', first)).toBeUndefined();
  });

  it('of grants outlive the longest grant', async () => {
    const grant = await tokens.sign('grant', claims, 30 * dayS);
    clock.pass((30 * dayS - 1) * 1000);
    expect(await tokens.verify('grant', grant)).toEqual(claims);
    expect(await tokens.verify('access', grant)).toBeUndefined();
  });

  it('for refreshing stay the same', async () => {
    const secret = await keys.refreshSecret();
    expect(secret).toHaveLength(32);
    clock.pass(400 * dayS * 1000);
    expect(await keys.refreshSecret()).toEqual(secret);
  });
});
