import type { Context } from 'hono';
import {
  type BeginBlobAnswer,
  type BeginBlobRequest,
  tusVersion,
  uploadPath,
} from '../../shared/api/blobs.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import type { BlobStore } from '../blobs/blob-store-api.ts';
import type { AppEnv } from '../deps.ts';
import { parseByteRange } from '../http/byte-range.ts';
import { begun, generatedBody } from '../http/generated-body.ts';
import { problemResponse } from '../http/problem-response.ts';
import { checkTusVersion, pieceBody, pieceHeaders } from './blob-piece.ts';

interface Asked {
  readonly c: Context<AppEnv>;
  readonly member: { readonly clinic: string };
}

/** Pieces in memory at once, of all uploads together. */
const mostHeldBytes = 32 * 1024 * 1024;

const tus = { 'Tus-Resumable': tusVersion } as const;

/** `/api/v1/blobs…`: files, whole and in parts. */
export function blobRoutes({ blobs }: { readonly blobs: BlobStore }) {
  let heldBytes = 0;

  async function beginBlob({
    c,
    member,
    body,
  }: Asked & { readonly body: BeginBlobRequest }): Promise<Response> {
    const beginning = await blobs.begin(member.clinic, body);
    if (beginning.kind === 'stored') return c.json({ state: 'stored' } satisfies BeginBlobAnswer, 200, tus);
    const location = uploadPath(beginning.id);
    const { offset } = beginning;
    const answer: BeginBlobAnswer = { state: 'upload', location, offset };
    return c.json(answer, 201, { ...tus, Location: location, 'Upload-Offset': String(offset) });
  }

  async function uploadState({
    c,
    member,
    params,
  }: Asked & { readonly params: { readonly id: string } }): Promise<Response> {
    checkTusVersion(c);
    const upload = await blobs.upload(member.clinic, params.id);
    if (upload === undefined) throw new AppError('blob.no-upload', 'there is no such upload');
    const { offset, size } = upload;
    return c.body(null, 200, { ...tus, 'Upload-Offset': String(offset), 'Upload-Length': String(size) });
  }

  async function appendBlob({
    c,
    member,
    params,
  }: Asked & { readonly params: { readonly id: string } }): Promise<Response> {
    const headers = pieceHeaders(c);
    const { offset, length } = headers;
    // Whoever is at another place need not send: the answer is the same without the bytes.
    const upload = await blobs.upload(member.clinic, params.id);
    if (upload === undefined) throw new AppError('blob.no-upload', 'there is no such upload');
    if (upload.offset !== offset)
      throw new AppError('blob.offset-mismatch', `the next byte is ${upload.offset}`);
    if (heldBytes + length > mostHeldBytes) throw new AppError('sync.slow-down', 'too many pieces at once');
    heldBytes += length;
    try {
      const bytes = await pieceBody(c, headers);
      const next = await blobs.append(member.clinic, params.id, offset, bytes);
      return c.body(null, 204, { ...tus, 'Upload-Offset': String(next) });
    } finally {
      heldBytes -= length;
    }
  }

  async function readBlob({
    c,
    member,
    params,
  }: Asked & { readonly params: { readonly sha256: string } }): Promise<Response> {
    const { sha256 } = params;
    const found = await blobs.find(member.clinic, sha256);
    if (found === undefined) throw new AppError('blob.unknown', 'there is no such file in this clinic');
    const { size, type } = found;
    const tag = `"${sha256}"`;
    const common = { ETag: tag, 'Accept-Ranges': 'bytes', 'X-Content-Type-Options': 'nosniff' };
    if (c.req.header('if-none-match') === tag) return c.body(null, 304, common);
    const ifRange = c.req.header('if-range');
    const range = parseByteRange(
      ifRange === undefined || ifRange === tag ? c.req.header('range') : undefined,
      size,
    );
    if (range === 'unsatisfiable') {
      const refusal = problemResponse(c, new AppError('blob.bad-range', `the file has ${size} bytes`));
      refusal.headers.set('Content-Range', `bytes */${size}`);
      return refusal;
    }
    const { from, to } = range ?? { from: 0, to: size };
    const pieces = await begun(blobs.read(member.clinic, sha256, from, to));
    return new Response(generatedBody(pieces), {
      status: range === undefined ? 200 : 206,
      headers: {
        ...common,
        'Content-Type': type,
        'Content-Length': String(to - from),
        'Content-Disposition': 'attachment',
        ...(range && { 'Content-Range': `bytes ${from}-${to - 1}/${size}` }),
      },
    });
  }

  return { beginBlob, uploadState, appendBlob, readBlob };
}
