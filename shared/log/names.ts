import { z } from 'zod';

/** SHA-256, lower-case hex. */
export const Hash = z.string().regex(/^[0-9a-f]{64}$/);
export type Hash = z.infer<typeof Hash>;

/** The first 128 bits of SHA-256 over `device:1\n` and the public key, lower-case hex: a device cannot pretend to another's name. */
export const DeviceId = z.string().regex(/^[0-9a-f]{32}$/);

/** Clinics and people: a UUID. */
export const RecordId = z.uuid();

/** A random name of one life of a clinic's tree, lower-case hex. */
export const Epoch = z.string().regex(/^[0-9a-f]{32}$/);

// Bits that no byte needs are zero (RFC 4648 section 3.5): each key and signature has one text.
/** An Ed25519 public key, base64url. */
export const PublicKey = z.string().regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/);
/** An Ed25519 signature, base64url. */
export const Signature = z.string().regex(/^[A-Za-z0-9_-]{85}[AQgw]$/);

/** Milliseconds since 1970; not after the year 9999. */
export const Millis = z.int().min(0).max(253_402_300_799_999);
