import { errors, importJWK, jwtVerify } from 'jose';
import { z } from 'zod';
import type { OfflineGrant } from '../log/grant.ts';
import { DeviceId, RecordId } from '../log/names.ts';
import { RoleName } from './auth.ts';
import type { EnrolAnswer } from './devices.ts';

const Claims = z.object({
  sub: RecordId,
  clinic: RecordId,
  role: RoleName,
  dev: DeviceId,
  iat: z.number(),
  exp: z.number(),
});

/** With the hub's time when it was given. */
export type ReadGrant = OfflineGrant & { readonly givenAt: number };

/** Null for one that this hub did not sign. Whether it has run out is asked by whoever wants to write. */
export async function readGrant({
  grant,
  grantKey,
}: Pick<EnrolAnswer, 'grant' | 'grantKey'>): Promise<ReadGrant | null> {
  try {
    const { payload } = await jwtVerify(grant, await importJWK(grantKey, 'EdDSA'), {
      algorithms: ['EdDSA'],
      issuer: 'fieldray-hub',
      audience: 'fieldray-device',
      typ: 'fieldray-grant+jwt',
      // Not judged here.
      currentDate: new Date(0),
    });
    const { sub: user, clinic, role, dev: device, iat, exp } = Claims.parse(payload);
    return { user, clinic, role, device, expiresAt: exp * 1000, givenAt: iat * 1000 };
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof z.ZodError) return null;
    throw error;
  }
}
