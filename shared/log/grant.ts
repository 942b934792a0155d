import { kindRule } from './kinds.ts';

/** The hub's signed leave to work without it, as read from its token by whoever checked the signature. */
export interface OfflineGrant {
  readonly clinic: string;
  readonly device: string;
  readonly user: string;
  readonly role: 'user' | 'doctor' | 'admin';
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/**
 * Whether this may be written here and now. Only what needs a reader of films depends on the grant: adding pictures and
 * results, reading and sending always go on, so that nothing is ever trapped on a device.
 * @param now milliseconds since 1970
 */
export function mayWrite(
  grant: OfflineGrant | null,
  entry: { readonly kind: string; readonly actor: string; readonly device: string },
  now: number,
): boolean {
  const roles = kindRule(entry.kind)?.roles;
  if (roles === undefined || roles.includes('user')) return true;
  return (
    grant !== null &&
    grant.device === entry.device &&
    grant.user === entry.actor &&
    roles.includes(grant.role) &&
    now < grant.expiresAt
  );
}
