import type { Context } from 'hono';
import { mostPieceBytes, pieceMediaType, tusVersion } from '../../shared/api/blobs.ts';
import { equalBytes, fromBase64Url } from '../../shared/kernel/bytes.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import type { AppEnv } from '../deps.ts';

/** What the headers of a piece say; the body has not been looked at. */
export interface PieceHeaders {
  readonly offset: number;
  readonly length: number;
  /** SHA-256 of the body. */
  readonly digest: Uint8Array;
}

/** @throws AppError `blob.wrong-protocol` */
export function checkTusVersion(c: Context<AppEnv>): void {
  if (c.req.header('tus-resumable') !== tusVersion) {
    throw new AppError('blob.wrong-protocol', `the header Tus-Resumable must say ${tusVersion}`);
  }
}

function wholeNumber(c: Context<AppEnv>, header: string): number {
  const text = c.req.header(header) ?? '';
  if (!/^\d{1,15}$/.test(text)) throw new AppError('request.invalid', `${header} must be a whole number`);
  return Number(text);
}

/** @throws AppError `blob.wrong-protocol`, `blob.wrong-media-type`, `request.invalid`, `request.too-large` */
export function pieceHeaders(c: Context<AppEnv>): PieceHeaders {
  checkTusVersion(c);
  if (c.req.header('content-type') !== pieceMediaType) {
    throw new AppError('blob.wrong-media-type', `the body must be ${pieceMediaType}`);
  }
  if (c.req.header('transfer-encoding') !== undefined) {
    throw new AppError('request.invalid', 'a piece says how long it is');
  }
  const length = wholeNumber(c, 'Content-Length');
  if (length > mostPieceBytes)
    throw new AppError('request.too-large', `a piece has at most ${mostPieceBytes} bytes`);
  const [, base64] = /^sha256 ([A-Za-z0-9+/]{43}=)$/.exec(c.req.header('upload-checksum') ?? '') ?? [];
  if (base64 === undefined)
    throw new AppError('request.invalid', 'Upload-Checksum must be sha256 and its base64');
  return { offset: wholeNumber(c, 'Upload-Offset'), length, digest: fromBase64Url(base64) };
}

/** @throws AppError `request.invalid` when it was cut off, `blob.bad-digest` */
export async function pieceBody(c: Context<AppEnv>, { length, digest }: PieceHeaders): Promise<Uint8Array> {
  const bytes = await c.req.arrayBuffer();
  if (bytes.byteLength !== length) throw new AppError('request.invalid', 'the piece was cut off');
  if (!equalBytes(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)), digest)) {
    throw new AppError('blob.bad-digest', 'the piece has another checksum');
  }
  return new Uint8Array(bytes);
}
