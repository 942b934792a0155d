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

export function createSignedTokens(keys: TokenKeys, now: () => number): SignedTokens {
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
        return claims.success ? claims.data : undefined;
      } catch (thrown) {
        // `decodeProtectedHeader` throws a TypeError for what is no JWT at all.
        if (thrown instanceof errors.JOSEError || thrown instanceof TypeError) return undefined;
        throw thrown;
      }
    },
  };
}
