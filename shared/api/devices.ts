import { z } from 'zod';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { utf8 } from '../kernel/bytes.ts';
import { BundleKey } from '../log/bundle/bundle-key.ts';
import { DeviceId, PublicKey, RecordId, Signature } from '../log/names.ts';
import { SignInAnswer } from './auth.ts';
import { anyRole, type Endpoint } from './endpoint.ts';

/** A device makes its own key; the hub learns the public half once, online, and lets it write into the clinic's log. */

export const Device = z.object({
  id: DeviceId,
  name: z.string(),
  /** Who enrolled it. */
  userId: RecordId,
  enrolledAt: z.iso.datetime(),
  revokedAt: z.iso.datetime().optional(),
});
export type Device = z.infer<typeof Device>;

/** What a clinic asks of its devices. */
export const ClinicPolicy = z.object({
  /** How long a person may sign reviews without having met the hub. */
  offlineDays: z.int().min(1).max(30),
  /** Minutes without a touch after which a device locks itself. */
  lockAfterMinutes: z.int().min(1).max(240),
  /** For opening a device whose people have all forgotten their passwords: an uncompressed point on P-256, base64url. */
  recoveryKey: z
    .string()
    .regex(/^B[A-Za-z0-9_-]{86}$/)
    .optional(),
});
export type ClinicPolicy = z.infer<typeof ClinicPolicy>;

/**
 * The bytes that a device signs to enrol its key: they name the session, so that a proof that was overheard is of no use
 * in another one.
 */
export function enrolmentMessage(facts: {
  readonly clinic: string;
  readonly sessionId: string;
  readonly publicKey: string;
}): Uint8Array {
  const { clinic, sessionId, publicKey } = facts;
  return utf8(`enrol:1\n${canonicalJson({ clinic, publicKey, sessionId })}`);
}

const EnrolRequest = z.strictObject({
  publicKey: PublicKey,
  name: z.string().trim().min(1).max(200),
  /** Over `enrolmentMessage`; the session's id is the `sid` of the access token. */
  proof: Signature,
});

/** The public key under which the hub signs grants, as a JWK (RFC 8037). */
export const GrantKey = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string(),
  kid: z.string(),
});

/** The refresh token stays the one that it was; what it brings from now on is bound to the device. */
const EnrolAnswer = SignInAnswer.omit({ refreshToken: true }).extend({
  device: DeviceId,
  policy: ClinicPolicy,
  /** A JWT of a type of its own: user, role, clinic and device, until when. It opens nothing at the hub. */
  grant: z.string(),
  /** Verifies the grant without a network. */
  grantKey: GrantKey,
  /** The base64url key with which the hub signs checkpoints and receipts. */
  rootKey: PublicKey,
  /** For files that devices of the clinic carry to each other and to the hub. */
  bundleKey: BundleKey.optional(),
});
export type EnrolAnswer = z.infer<typeof EnrolAnswer>;

export const enrolEndpoint = {
  name: 'enrol',
  method: 'POST',
  path: '/api/v1/devices',
  summary:
    'Enrols a device of the clinic, or meets it again: binds the session to it and gives a new grant for the time without a network.',
  access: anyRole,
  request: 'json',
  body: EnrolRequest,
  response: EnrolAnswer,
  audit: 'itself',
  errors: ['device.bad-proof', 'sync.revoked-device', 'sync.other-clinic', 'storage.full'],
} as const satisfies Endpoint;

export const devicesEndpoint = {
  name: 'devices',
  method: 'GET',
  path: '/api/v1/devices',
  summary: 'The devices that this account enrolled; for administrators, all of the clinic.',
  access: anyRole,
  request: 'none',
  query: z.object({
    after: z.string().max(100).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(100),
  }),
  response: z.object({ devices: z.array(Device), next: z.string().optional() }),
  audit: 'none',
  errors: [],
} as const satisfies Endpoint;

export const revokeEndpoint = {
  name: 'revoke',
  method: 'POST',
  path: '/api/v1/devices/:id/revoke',
  summary: 'Shuts a device out and ends its sessions. What it has written stays.',
  access: anyRole,
  request: 'json',
  params: z.object({ id: DeviceId }),
  body: z.strictObject({ reason: z.string().trim().max(1000).optional() }),
  response: Device,
  audit: 'itself',
  errors: ['sync.unknown-device', 'storage.full'],
} as const satisfies Endpoint;

export const bundleKeyEndpoint = {
  name: 'bundleKey',
  method: 'GET',
  path: '/api/v1/devices/bundle-key',
  summary: 'The newest key for files that devices of the clinic carry; to an enrolled device only.',
  access: anyRole,
  request: 'none',
  response: BundleKey,
  audit: 'none',
  errors: ['sync.unknown-device', 'sync.revoked-device'],
} as const satisfies Endpoint;

export const deviceEndpoints = [enrolEndpoint, devicesEndpoint, bundleKeyEndpoint, revokeEndpoint] as const;
