import type { Failure } from './failure.ts';

export const accountFailures = {
  'account.signed-out': { status: 401, title: 'Please sign in.', retry: false },
  'account.wrong-credentials': { status: 401, title: 'The address or the password is wrong.', retry: false },
  'account.not-approved': { status: 403, title: 'This account waits for an administrator.', retry: false },
  'account.disabled': {
    status: 403,
    title: 'This account has been closed by an administrator.',
    retry: false,
  },
  'account.forbidden': { status: 403, title: 'This account may not do that.', retry: false },
  'account.exists': { status: 409, title: 'There is an account with this address already.', retry: false },
  'account.weak-password': { status: 422, title: 'This password is too easy to guess.', retry: false },
  'account.registration-closed': {
    status: 403,
    title: 'New accounts are made by an administrator here.',
    retry: false,
  },
  'account.session-reused': {
    status: 401,
    title: 'This sign-in was used in two places and has been ended. Please sign in again.',
    retry: false,
  },
  'account.setup-done': {
    status: 410,
    title: 'This link has been used, or an administrator exists already.',
    retry: false,
  },
  'account.unknown': { status: 404, title: 'There is no such account.', retry: false },
  'account.last-admin': {
    status: 409,
    title: 'A clinic keeps at least one administrator.',
    retry: false,
  },
  'account.too-many-attempts': {
    status: 429,
    title: 'Too many attempts. Please wait a little.',
    retry: true,
  },
} as const satisfies Record<string, Failure>;
