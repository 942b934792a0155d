import { z } from 'zod';
import { DeviceId, RecordId } from '../log/names.ts';
import { anyRole, type Endpoint, roles } from './endpoint.ts';

/** Accounts sign in, stay signed in and sign out. */

/** Compared without regard to capitals: nobody has two mailboxes that differ in them. */
export const Email = z.string().max(254).trim().toLowerCase().pipe(z.email().max(254));

/** What makes a good one is judged where it is set, not where it is given. */
export const Password = z.string().min(1).max(256);

/** 256 random bits or more, with what the hub needs to find them again. */
const Secret = z
  .string()
  .min(20)
  .max(200)
  .regex(/^[\w.-]+$/);

export const RoleName = z.enum(roles);

export const ClinicName = z.string().trim().min(1).max(200);

/** The person who is signed in, as the person may see it. */
export const Account = z.object({
  id: RecordId,
  email: z.string(),
  role: RoleName,
  clinic: z.object({ id: RecordId, name: z.string() }),
});
export type Account = z.infer<typeof Account>;

/**
 * `page`: the refresh token goes into a cookie that no script can read. `program`: it stands in the answer, and the
 * program keeps it.
 */
const ClientKind = z.enum(['page', 'program']);
export type ClientKind = z.infer<typeof ClientKind>;

export const SignInAnswer = z.object({
  account: Account,
  /** A JWT for `Authorization: Bearer`. */
  accessToken: z.string(),
  expiresInS: z.int().positive(),
  /** For programs. Each is good for one refresh; the answer brings the next one. */
  refreshToken: z.string().optional(),
  /** The enrolled device that the session is bound to. */
  device: DeviceId.optional(),
});
export type SignInAnswer = z.infer<typeof SignInAnswer>;

const SetupRequest = z.strictObject({
  /** From the link that the hub prints when it starts without accounts. */
  token: Secret,
  email: Email,
  password: Password,
  clinic: ClinicName,
});

export const setupEndpoint = {
  name: 'setup',
  method: 'POST',
  path: '/api/v1/auth/setup',
  summary: 'Makes the first clinic and its administrator, once, with the link that the hub printed.',
  access: 'anyone',
  request: 'json',
  body: SetupRequest,
  response: Account,
  audit: 'itself',
  errors: ['account.setup-done', 'account.weak-password', 'account.too-many-attempts', 'storage.full'],
} as const satisfies Endpoint;

const RegisterRequest = z.strictObject({
  email: Email,
  password: Password,
  /** Needed where the hub serves more than one clinic. */
  clinic: RecordId.optional(),
});

export const registerEndpoint = {
  name: 'register',
  method: 'POST',
  path: '/api/v1/auth/register',
  summary:
    'Asks for an account of the lowest role. The answer is the same for an address that has one already.',
  access: 'anyone',
  request: 'json',
  body: RegisterRequest,
  /** `waiting`: an administrator has to approve it first. */
  response: z.object({ status: z.enum(['waiting', 'active']) }),
  audit: 'itself',
  errors: [
    'account.registration-closed',
    'account.weak-password',
    'account.too-many-attempts',
    'storage.full',
  ],
} as const satisfies Endpoint;

const LoginRequest = z.strictObject({
  email: Email,
  password: Password,
  client: ClientKind.default('program'),
});

export const loginEndpoint = {
  name: 'login',
  method: 'POST',
  path: '/api/v1/auth/login',
  summary: 'Begins a session.',
  access: 'anyone',
  request: 'json',
  body: LoginRequest,
  response: SignInAnswer,
  audit: 'itself',
  errors: [
    'account.wrong-credentials',
    'account.not-approved',
    'account.disabled',
    'account.too-many-attempts',
    'storage.full',
  ],
} as const satisfies Endpoint;

const TokenRequest = z.strictObject({ refreshToken: Secret.optional() });

export const refreshEndpoint = {
  name: 'refresh',
  method: 'POST',
  path: '/api/v1/auth/refresh',
  summary:
    'The next access token, for the refresh token of the cookie or of the body. Each is good once; whoever lost the answer asks again with the same one within 30 seconds.',
  access: 'anyone',
  request: 'json',
  body: TokenRequest,
  response: SignInAnswer,
  audit: 'none',
  errors: ['account.signed-out', 'account.session-reused', 'account.too-many-attempts', 'storage.full'],
} as const satisfies Endpoint;

/** For anyone, so that a session can be ended whose access token has run out. */
export const logoutEndpoint = {
  name: 'logout',
  method: 'POST',
  path: '/api/v1/auth/logout',
  summary: 'Ends the session of the access token, the cookie or the refresh token that is sent along.',
  access: 'anyone',
  request: 'json',
  body: TokenRequest,
  response: 'none',
  audit: 'itself',
  errors: ['account.too-many-attempts', 'storage.full'],
} as const satisfies Endpoint;

export const meEndpoint = {
  name: 'me',
  method: 'GET',
  path: '/api/v1/auth/me',
  summary: 'Who is signed in.',
  access: anyRole,
  request: 'none',
  response: Account,
  audit: 'none',
  errors: [],
} as const satisfies Endpoint;

export const changePasswordEndpoint = {
  name: 'changePassword',
  method: 'POST',
  path: '/api/v1/auth/password',
  summary: 'Sets another password and ends every other session of the account.',
  access: anyRole,
  request: 'json',
  body: z.strictObject({ current: Password, next: Password }),
  response: 'none',
  audit: 'itself',
  errors: ['account.wrong-credentials', 'account.weak-password', 'account.too-many-attempts', 'storage.full'],
} as const satisfies Endpoint;

export const Session = z.object({
  id: RecordId,
  client: ClientKind,
  /** ISO 8601, as all times below. */
  startedAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  device: DeviceId.optional(),
  /** The session that asks. */
  current: z.boolean(),
});
export type Session = z.infer<typeof Session>;

export const sessionsEndpoint = {
  name: 'sessions',
  method: 'GET',
  path: '/api/v1/auth/sessions',
  summary: 'Where this account is signed in.',
  access: anyRole,
  request: 'none',
  response: z.object({ sessions: z.array(Session) }),
  audit: 'none',
  errors: [],
} as const satisfies Endpoint;

export const endSessionEndpoint = {
  name: 'endSession',
  method: 'DELETE',
  path: '/api/v1/auth/sessions/:id',
  summary:
    'Ends a session of this account. One that is not known, or another’s, is answered as if it had ended.',
  access: anyRole,
  request: 'none',
  params: z.object({ id: RecordId }),
  response: 'none',
  audit: 'itself',
  errors: ['storage.full'],
} as const satisfies Endpoint;

export const authEndpoints = [
  setupEndpoint,
  registerEndpoint,
  loginEndpoint,
  refreshEndpoint,
  logoutEndpoint,
  meEndpoint,
  changePasswordEndpoint,
  sessionsEndpoint,
  endSessionEndpoint,
] as const;
