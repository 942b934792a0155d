import type { Failure } from './failure.ts';

export const vaultFailures = {
  'vault.none': {
    status: 409,
    title: 'Nobody has signed in on this device yet. The first time needs the hub.',
    retry: false,
  },
  'vault.locked': { status: 401, title: 'Please unlock this device first.', retry: false },
  'vault.needs-opener': {
    status: 401,
    title:
      'This device does not know this password yet. Please give the earlier one, or ask somebody who uses this device to enter theirs.',
    retry: false,
  },
  'vault.passkey-refused': {
    status: 401,
    title: 'The finger, face or PIN was not accepted, or nobody answered.',
    retry: false,
  },
} as const satisfies Record<string, Failure>;
