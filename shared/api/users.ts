import { z } from 'zod';
import { RecordId } from '../log/names.ts';
import { Email, Password, RoleName } from './auth.ts';
import type { Endpoint } from './endpoint.ts';

/** An administrator looks after the accounts of the own clinic. */

/** `waiting`: has registered and is not approved. */
export const UserStatus = z.enum(['waiting', 'active', 'disabled']);
export type UserStatus = z.infer<typeof UserStatus>;

export const User = z.object({
  id: RecordId,
  email: z.string(),
  role: RoleName,
  status: UserStatus,
  createdAt: z.iso.datetime(),
});
export type User = z.infer<typeof User>;

const admins = ['admin'] as const;
const params = z.object({ id: RecordId });

export const usersEndpoint = {
  name: 'users',
  method: 'GET',
  path: '/api/v1/users',
  summary: 'The accounts of the clinic, oldest first, page by page.',
  access: admins,
  request: 'none',
  query: z.object({
    /** The `next` of the page before. */
    after: z.string().max(100).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(100),
  }),
  response: z.object({ users: z.array(User), next: z.string().optional() }),
  audit: { entry: 'audit.listed-users' },
  errors: ['storage.full'],
} as const satisfies Endpoint;

export const addUserEndpoint = {
  name: 'addUser',
  method: 'POST',
  path: '/api/v1/users',
  summary: 'Makes an account that can be used at once.',
  access: admins,
  request: 'json',
  body: z.strictObject({ email: Email, password: Password, role: RoleName }),
  response: User,
  audit: 'itself',
  errors: ['account.exists', 'account.weak-password', 'account.too-many-attempts', 'storage.full'],
} as const satisfies Endpoint;

export const approveUserEndpoint = {
  name: 'approveUser',
  method: 'POST',
  path: '/api/v1/users/:id/approve',
  summary: 'Lets a person in who has registered.',
  access: admins,
  request: 'json',
  params,
  body: z.strictObject({ role: RoleName.default('user') }),
  response: User,
  audit: 'itself',
  errors: ['account.unknown', 'storage.full'],
} as const satisfies Endpoint;

export const setRoleEndpoint = {
  name: 'setRole',
  method: 'PUT',
  path: '/api/v1/users/:id/role',
  summary: 'Gives an account another role, from the next request on.',
  access: admins,
  request: 'json',
  params,
  body: z.strictObject({ role: RoleName }),
  response: User,
  audit: 'itself',
  errors: [
    'account.unknown',
    'account.last-admin',
    'account.not-approved',
    'account.disabled',
    'storage.full',
  ],
} as const satisfies Endpoint;

export const disableUserEndpoint = {
  name: 'disableUser',
  method: 'POST',
  path: '/api/v1/users/:id/disable',
  summary: 'Closes an account and ends its sessions at once.',
  access: admins,
  request: 'json',
  params,
  body: z.strictObject({ reason: z.string().trim().max(1000).optional() }),
  response: User,
  audit: 'itself',
  errors: ['account.unknown', 'account.last-admin', 'storage.full'],
} as const satisfies Endpoint;

export const enableUserEndpoint = {
  name: 'enableUser',
  method: 'POST',
  path: '/api/v1/users/:id/enable',
  summary: 'Opens a closed account again, with the role that it had.',
  access: admins,
  request: 'none',
  params,
  response: User,
  audit: 'itself',
  errors: ['account.unknown', 'storage.full'],
} as const satisfies Endpoint;

export const userEndpoints = [
  usersEndpoint,
  addUserEndpoint,
  approveUserEndpoint,
  setRoleEndpoint,
  disableUserEndpoint,
  enableUserEndpoint,
] as const;
