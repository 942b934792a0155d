import { z } from 'zod';
import { Hash } from '../log/names.ts';
import { anyRole, type Endpoint } from './endpoint.ts';

/**
 * Files of a clinic, by the SHA-256 of their bytes. An upload goes on after any interruption, in the words of tus 1.0
 * (https://tus.io/protocols/resumable-upload): `Upload-Offset`, `Upload-Checksum` with sha256, 409 for a wrong offset, 460
 * for a wrong checksum. Every piece needs its checksum and its length.
 */

export const tusVersion = '1.0.0';
export const pieceMediaType = 'application/offset+octet-stream';
/** The most bytes of one piece. */
export const mostPieceBytes = 1024 * 1024;
/** The largest file. */
export const mostBlobBytes = 2 * 1024 ** 3;

/** What is kept as a file. Others would only be of use to somebody who wants a browser to run them. */
export const blobTypes = [
  'application/dicom',
  'image/jpeg',
  'image/png',
  'application/octet-stream',
] as const;

export const BeginBlobRequest = z.strictObject({
  /** Of the bytes as they are, not as they are encrypted. */
  sha256: Hash,
  size: z.int().min(1).max(mostBlobBytes),
  type: z.enum(blobTypes),
});
export type BeginBlobRequest = z.infer<typeof BeginBlobRequest>;

export const UploadId = z.string().regex(/^[0-9a-f]{64}$/);

/** `stored`: the clinic has it. `upload`: the bytes from `offset` on are wanted at `location`. */
export const BeginBlobAnswer = z.discriminatedUnion('state', [
  z.object({ state: z.literal('stored') }),
  z.object({
    state: z.literal('upload'),
    location: z.string(),
    offset: z.int().nonnegative(),
  }),
]);
export type BeginBlobAnswer = z.infer<typeof BeginBlobAnswer>;

const uploadsPath = '/api/v1/blobs/uploads';

export function uploadPath(id: string): string {
  return `${uploadsPath}/${id}`;
}

export function blobPath(sha256: string): string {
  return `/api/v1/blobs/${sha256}`;
}

export const beginBlobEndpoint = {
  name: 'beginBlob',
  method: 'POST',
  path: '/api/v1/blobs',
  summary: 'Announces a file: the clinic has it already (200), or it is wanted, from an offset on (201).',
  access: anyRole,
  request: 'json',
  body: BeginBlobRequest,
  response: BeginBlobAnswer,
  audit: 'aggregate',
  errors: ['storage.full'],
} as const satisfies Endpoint;

export const uploadStateEndpoint = {
  name: 'uploadState',
  method: 'HEAD',
  path: `${uploadsPath}/:id`,
  summary: 'How far an upload is, in `Upload-Offset`; unknown once it is complete.',
  access: anyRole,
  request: 'none',
  params: z.object({ id: UploadId }),
  response: 'none',
  audit: 'none',
  errors: ['blob.no-upload', 'blob.wrong-protocol'],
} as const satisfies Endpoint;

export const appendBlobEndpoint = {
  name: 'appendBlob',
  method: 'PATCH',
  path: `${uploadsPath}/:id`,
  summary: 'The next bytes of an upload. It is complete when the offset in the answer is the size.',
  access: anyRole,
  request: 'bytes',
  params: z.object({ id: UploadId }),
  response: 'none',
  audit: 'aggregate',
  errors: [
    'blob.no-upload',
    'blob.offset-mismatch',
    'blob.bad-digest',
    'blob.hash-mismatch',
    'blob.wrong-protocol',
    'blob.wrong-media-type',
    'storage.full',
    'sync.slow-down',
  ],
} as const satisfies Endpoint;

export const readBlobEndpoint = {
  name: 'readBlob',
  method: 'GET',
  path: '/api/v1/blobs/:sha256',
  summary: 'A file, or with `Range` a part of it (206).',
  access: anyRole,
  request: 'none',
  params: z.object({ sha256: Hash }),
  response: 'bytes',
  audit: 'aggregate',
  errors: ['blob.unknown', 'blob.bad-range', 'blob.damaged'],
} as const satisfies Endpoint;

export const blobEndpoints = [
  beginBlobEndpoint,
  uploadStateEndpoint,
  appendBlobEndpoint,
  readBlobEndpoint,
] as const;
