import type { Failure } from './failure.ts';

export const requestFailures = {
  'request.invalid': { status: 400, title: 'The request is not in the expected form.', retry: false },
  'request.too-large': { status: 413, title: 'The file is larger than this hub accepts.', retry: false },
  'request.not-found': { status: 404, title: 'There is nothing at this address.', retry: false },
  'request.forbidden-host': {
    status: 403,
    title: 'The hub does not answer under this name.',
    retry: false,
  },
  'request.cross-site': {
    status: 403,
    title: 'The request came from another web site and was not answered.',
    retry: false,
  },
  'server.internal': { status: 500, title: 'Something went wrong inside Fieldray.', retry: true },
} as const satisfies Record<string, Failure>;
