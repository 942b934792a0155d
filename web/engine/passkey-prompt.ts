import { fromBase64Url, toBase64Url } from '../../shared/kernel/bytes.ts';
import { AppError, describeThrown } from '../../shared/kernel/errors.ts';
import type { PasskeyQuestion, PasskeySecret } from './records-api.ts';

// A passkey with PRF (WebAuthn Level 3 section 10.1.4) makes a secret of a salt, on the authenticator and after it has seen the
// person. That secret opens the vault; signatures are not asked for, so the challenge is never checked by anybody.

const timeoutMs = 120_000;
const random = (): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(32));

/**
 * Makes a passkey for this device. @param label what the person's device calls it; no name that must not lie there
 * @throws AppError `device.unsupported` where there is no PRF; `vault.passkey-refused`
 */
export async function makePasskey(label: string): Promise<PasskeyQuestion & PasskeySecret> {
  const salt = random();
  const created = await prompted(() =>
    navigator.credentials.create({
      publicKey: {
        rp: { name: 'Fieldray' },
        user: { id: random(), name: label, displayName: label },
        challenge: random(),
        // ES256, RS256.
        pubKeyCredParams: [-7, -257].map((alg) => ({ type: 'public-key', alg })),
        authenticatorSelection: { userVerification: 'required', residentKey: 'preferred' },
        extensions: { prf: { eval: { first: salt } } },
        timeout: timeoutMs,
      },
    }),
  );
  const credential = toBase64Url(new Uint8Array(created.rawId));
  const { prf } = created.getClientExtensionResults();
  if (prf?.enabled !== true) throw unsupported('this passkey has no PRF');
  const first = prf.results?.first;
  // Some authenticators answer only when they are asked, not when they are made.
  if (first === undefined) return { salt, ...(await askPasskey([{ credential, salt }])) };
  return { credential, salt, secret: bytesOf(first) };
}

/** Whether this device can know its person by a finger, a face or a PIN. */
export async function canMakePasskeys(): Promise<boolean> {
  if (!('PublicKeyCredential' in globalThis)) return false;
  return PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable().catch(() => false);
}

/** Asks for any of these. @throws AppError `device.unsupported`, `vault.passkey-refused` */
export async function askPasskey(known: readonly PasskeyQuestion[]): Promise<PasskeySecret> {
  const salts = known.map(({ credential, salt }) => [credential, { first: new Uint8Array(salt) }] as const);
  const answered = await prompted(() =>
    navigator.credentials.get({
      publicKey: {
        challenge: random(),
        userVerification: 'required',
        allowCredentials: known.map(({ credential }) => ({
          type: 'public-key',
          id: fromBase64Url(credential),
        })),
        extensions: { prf: { evalByCredential: Object.fromEntries(salts) } },
        timeout: timeoutMs,
      },
    }),
  );
  const first = answered.getClientExtensionResults().prf?.results?.first;
  if (first === undefined) throw unsupported('this passkey made no secret');
  return { credential: toBase64Url(new Uint8Array(answered.rawId)), secret: bytesOf(first) };
}

async function prompted(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  if (!('PublicKeyCredential' in globalThis)) throw unsupported('this browser has no passkeys');
  const credential = await ask().catch((cause: unknown) => {
    // The person said no, or said nothing for a while; which of the two is not told.
    const isRefused = cause instanceof DOMException && cause.name === 'NotAllowedError';
    throw isRefused
      ? new AppError('vault.passkey-refused', describeThrown(cause), { cause })
      : unsupported(describeThrown(cause), cause);
  });
  if (credential instanceof PublicKeyCredential) return credential;
  throw unsupported('no passkey answered');
}

const unsupported = (why: string, cause?: unknown): AppError =>
  new AppError('device.unsupported', why, { cause });

function bytesOf(source: BufferSource): Uint8Array {
  return source instanceof ArrayBuffer
    ? new Uint8Array(source)
    : new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
}
