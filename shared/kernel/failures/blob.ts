import type { Failure } from './failure.ts';

export const blobFailures = {
  'blob.unknown': { status: 404, title: 'The hub does not have this file.', retry: false },
  'blob.no-upload': { status: 404, title: 'This upload is not known, or it has ended.', retry: true },
  'blob.offset-mismatch': { status: 409, title: 'The upload goes on at another place.', retry: true },
  'blob.bad-digest': { status: 460, title: 'A part of the file was damaged on the way.', retry: true },
  'blob.hash-mismatch': {
    status: 422,
    title: 'The file that arrived is not the one that was announced.',
    retry: false,
  },
  'blob.wrong-protocol': {
    status: 412,
    title: 'This program sends files in a way that the hub does not know.',
    retry: false,
  },
  'blob.wrong-media-type': {
    status: 415,
    title: 'A part of a file was sent in a form that the hub does not take.',
    retry: false,
  },
  'blob.bad-range': { status: 416, title: 'This part of the file does not exist.', retry: false },
  'blob.unavailable-here': {
    status: 501,
    title: 'This hub keeps records and no image files.',
    retry: false,
  },
  'blob.damaged': {
    status: 500,
    title: 'A stored file was altered or damaged and is not given out.',
    retry: false,
  },
} as const satisfies Record<string, Failure>;
