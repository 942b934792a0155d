import { decodeProtectedHeader, errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { RoleName } from '../../shared/api/auth.ts';
import { DeviceId, RecordId } from '../../shared/log/names.ts';
import type { KeyPurpose, TokenKeys } from './token-keys.ts';

// JWTs (RFC 7519) by the rules of RFC 8725: one algorithm, a type, an issuer and an audience for each kind of token, and
// a key that signs nothing else.

const issuer = 'fieldray-hub';

const kinds = {
  /** RFC 9068. */
  access: { typ: 'at+jwt', audience: 'fieldray-api' },
  grant: { typ: 'fieldray-grant+jwt', audience: 'fieldray-device' },
} as const satisfies Record<KeyPurpose, { typ: string; audience: string }>;

export const accessTokenS = 600;

const Claims = z.object({
  sub: RecordId,
  clinic: RecordId,
  role: RoleName,
  /** The session; a grant has none. */
  sid: RecordId.optional(),
  dev: DeviceId.optional(),
});
export type Claims = z.infer<typeof Claims>;

export interface SignedTokens {
  sign(kind: KeyPurpose, claims: Claims, lifetimeS: number): Promise<string>;
  /** Undefined for whatever is not a token of this kind, signed here and in force. */
  verify(kind: KeyPurpose, token: string): Promise<Claims | undefined>;
}

/** Tokens whose signature was checked; a client sends the same one for ten minutes. */
const mostKnown = 4096;

interface Known {
  readonly claims: Claims;
  readonly kid: string;
  /** Seconds since 1970. */
  readonly exp: number;
}

export function createSignedTokens(keys: TokenKeys, now: () => number): SignedTokens {
  const known = new Map<string, Known>();

  /** Undefined for one that was not checked before, and for one that would not stand another check. */
  async function knownClaims(kind: KeyPurpose, token: string): Promise<Claims | undefined> {
    const found = known.get(`${kind} ${token}`);
    if (found === undefined || found.exp <= Math.floor(now() / 1000)) return undefined;
    return (await keys.verifyingKey(kind, found.kid)) === undefined ? undefined : found.claims;
  }

  function keep(kind: KeyPurpose, token: string, checked: Known): void {
    if (known.size >= mostKnown) known.delete(known.keys().next().value!);
    known.set(`${kind} ${token}`, checked);
  }

  return {
    async sign(kind, claims, lifetimeS) {
      const { typ, audience } = kinds[kind];
      const { kid, privateKey } = await keys.signingKey(kind);
      const issuedAt = Math.floor(now() / 1000);
      return new SignJWT(claims)
        .setProtectedHeader({ alg: 'EdDSA', typ, kid })
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + lifetimeS)
        .sign(privateKey);
    },

    async verify(kind, token) {
      const before = await knownClaims(kind, token);
      if (before !== undefined) return before;
      const { typ, audience } = kinds[kind];
      try {
        const { kid } = decodeProtectedHeader(token);
        const key = kid === undefined ? undefined : await keys.verifyingKey(kind, kid);
        if (key === undefined) return undefined;
        const { payload } = await jwtVerify(token, key, {
          algorithms: ['EdDSA'],
          issuer,
          audience,
          typ,
          currentDate: new Date(now()),
          requiredClaims: ['sub', 'iat', 'exp'],
        });
        const claims = Claims.safeParse(payload);
        if (!claims.success) return undefined;
        keep(kind, token, { claims: claims.data, kid: kid!, exp: payload.exp! });
        return claims.data;
      } catch (thrown) {
        // `decodeProtectedHeader` throws a TypeError for what is no JWT at all.
        if (thrown instanceof errors.JOSEError || thrown instanceof TypeError) return undefined;
        throw thrown;
      }
    },
  };
}
