import type { Context } from 'hono';
import { AppError } from '../../shared/kernel/errors.ts';
import type { AppEnv } from '../deps.ts';
import { boundaryOf, parseMultipart } from './multipart.ts';

export interface UploadedFile {
  readonly bytes: Uint8Array;
  /** Without folders; absent when the sender named none. */
  readonly name?: string;
}

const maxNameLength = 255;

/** What comes after the last slash of either kind: some browsers send whole paths. */
function baseName(name: string): string {
  return name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1).slice(0, maxNameLength);
}

/**
 * The one file of a multipart request. It is held in memory whole, so a body limit has to stand before it.
 * @throws AppError `request.invalid`
 */
export async function uploadedFile(c: Context<AppEnv>): Promise<UploadedFile> {
  const boundary = boundaryOf(c.req.header('content-type') ?? '');
  const parts = parseMultipart(new Uint8Array(await c.req.arrayBuffer()), boundary);
  const [first] = parts;
  if (first === undefined) throw new AppError('request.invalid', 'the field file is missing');
  if (parts.length > 1 || first.name !== 'file') {
    throw new AppError('request.invalid', 'there must be exactly one field, named file');
  }
  const { fileName, bytes } = first;
  if (fileName === undefined) throw new AppError('request.invalid', 'the field file must hold a file');
  const name = baseName(fileName);
  return name === '' ? { bytes } : { bytes, name };
}
