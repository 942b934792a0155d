import { z } from 'zod';
import { toBase64Url } from '../kernel/bytes.ts';
import { AppError, type ErrorCode, isErrorCode } from '../kernel/errors.ts';
import type { BlobHub } from '../log/blob-hub.ts';
import { BeginBlobAnswer, blobPath, pieceMediaType, tusVersion, UploadId, uploadPath } from './blobs.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PATCH';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface HttpAnswer {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  readonly body: Uint8Array;
}

/** One request with its whole answer, by somebody who is signed in. @throws whatever the network throws */
export type HttpCall = (request: HttpRequest) => Promise<HttpAnswer>;

const Refusal = z.object({ code: z.string() });

function json(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as unknown;
  } catch {
    return undefined;
  }
}

const codeByStatus: ReadonlyMap<number, ErrorCode> = new Map([
  [401, 'account.signed-out'],
  [403, 'account.forbidden'],
  [404, 'request.not-found'],
  [409, 'blob.offset-mismatch'],
  [413, 'request.too-large'],
  [429, 'sync.slow-down'],
  [460, 'blob.bad-digest'],
  [507, 'storage.full'],
]);

/** A HEAD has no body to say why, and neither has whatever stands between the device and the hub. */
function refusal({ status, header, body }: HttpAnswer): AppError {
  const { code = '' } = Refusal.safeParse(json(body)).data ?? {};
  const known = isErrorCode(code) ? code : codeByStatus.get(status);
  const seconds = Number(header('Retry-After') ?? 0);
  const details = seconds > 0 ? { retryAfterMs: 1000 * seconds } : {};
  const fallback = status >= 500 ? 'network.unreachable' : 'request.invalid';
  return new AppError(known ?? fallback, `the hub answered ${status}`, { details });
}

function wholeNumber(text: string | undefined): number {
  if (text === undefined || !/^\d{1,15}$/.test(text)) {
    throw new AppError('network.unreachable', 'the hub’s answer lacks a number');
  }
  return Number(text);
}

/** The hub's files over HTTP. @param sha256 32 bytes */
export function httpBlobHub(call: HttpCall, sha256: (bytes: Uint8Array) => Uint8Array): BlobHub {
  async function ask(request: HttpRequest): Promise<HttpAnswer> {
    try {
      return await call(request);
    } catch (cause) {
      if (cause instanceof AppError) throw cause;
      throw new AppError('network.unreachable', 'the hub did not answer', { cause });
    }
  }
  const tus = { 'Tus-Resumable': tusVersion };

  return {
    async begin({ sha256, size, type }) {
      const headers = { 'Content-Type': 'application/json' };
      const body = JSON.stringify({ sha256, size, type });
      const answer = await ask({ method: 'POST', path: '/api/v1/blobs', headers, body });
      if (answer.status !== 200 && answer.status !== 201) throw refusal(answer);
      const said = BeginBlobAnswer.safeParse(json(answer.body));
      if (!said.success) throw new AppError('network.unreachable', 'the hub’s answer cannot be read');
      if (said.data.state === 'stored') return { kind: 'stored' };
      // Only the name is believed: an address of somebody else's would be sent the picture.
      const id = UploadId.safeParse(said.data.location.split('/').at(-1));
      if (!id.success) throw new AppError('network.unreachable', 'the hub names no upload');
      return { kind: 'upload', location: uploadPath(id.data), offset: Math.min(said.data.offset, size) };
    },
    async offset(location) {
      const answer = await ask({ method: 'HEAD', path: location, headers: tus });
      if (answer.status === 404) return undefined;
      if (answer.status !== 200) throw refusal(answer);
      return wholeNumber(answer.header('Upload-Offset'));
    },
    async append(location, offset, bytes) {
      const digest = toBase64Url(sha256(bytes)).replaceAll('-', '+').replaceAll('_', '/');
      const headers = {
        ...tus,
        'Content-Type': pieceMediaType,
        'Upload-Offset': String(offset),
        'Upload-Checksum': `sha256 ${digest}=`,
      };
      const answer = await ask({ method: 'PATCH', path: location, headers, body: bytes });
      if (answer.status !== 204) throw refusal(answer);
      return wholeNumber(answer.header('Upload-Offset'));
    },
    async read(name, from, to) {
      const headers = { Range: `bytes=${from}-${to - 1}`, 'If-Range': `"${name}"` };
      const answer = await ask({ method: 'GET', path: blobPath(name), headers });
      if (answer.status !== 206) throw refusal(answer);
      const [, first, last, size] =
        /^bytes (\d+)-(\d+)\/(\d+)$/.exec(answer.header('Content-Range') ?? '') ?? [];
      const { body } = answer;
      if (
        wholeNumber(first) !== from ||
        wholeNumber(last) !== from + body.length - 1 ||
        from + body.length > to
      ) {
        throw new AppError('network.unreachable', 'the hub sent another part');
      }
      return { bytes: body, size: wholeNumber(size) };
    },
  };
}
