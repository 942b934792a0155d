import type { Failure } from './failure.ts';

export const bundleFailures = {
  'bundle.not-one': { status: 415, title: 'This file holds no records of Fieldray.', retry: false },
  'bundle.newer': {
    status: 415,
    title: 'This file was written by a newer version of Fieldray.',
    retry: false,
  },
  'bundle.other-clinic': {
    status: 403,
    title: 'This file belongs to another clinic, and nothing of it was taken.',
    retry: false,
  },
  'bundle.no-key': {
    status: 409,
    title: 'This device does not have the key for that file. It gets it when it next meets the hub.',
    retry: true,
  },
  'bundle.unreadable': {
    status: 422,
    title: 'This file could not be read. Is the stick still there?',
    retry: true,
  },
  'bundle.cut-short': {
    status: 422,
    title: 'This file is not whole, and nothing of it was taken. Please copy it again.',
    retry: false,
  },
  'bundle.altered': {
    status: 422,
    title: 'This file was damaged or altered, and nothing of it was taken.',
    retry: false,
  },
  'bundle.unknown-maker': {
    status: 403,
    title: 'This file was made by a device that was never enrolled here.',
    retry: false,
  },
  'bundle.revoked-maker': {
    status: 403,
    title: 'This file was made by a device that has been shut out, and nothing of it was taken.',
    retry: false,
  },
} as const satisfies Record<string, Failure>;
