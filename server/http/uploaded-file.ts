import { MultipartParseError, type MultipartPart, parseMultipartRequest } from '@remix-run/multipart-parser';
import type { Context } from 'hono';
import { AppError, describeThrown } from '../../shared/kernel/errors.ts';
import type { AppEnv } from '../deps.ts';

export interface UploadedFile {
  readonly bytes: Uint8Array;
  /** Without folders; absent when the sender named none. */
  readonly name?: string;
}

const maxNameLength = 255;
const maxParts = 16;

/** What comes after the last slash of either kind: some browsers send whole paths. */
function baseName(name: string): string {
  return name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1).slice(0, maxNameLength);
}

async function partsOf(c: Context<AppEnv>, maxBytes: number): Promise<MultipartPart[]> {
  if (!/^multipart\/form-data\b/i.test(c.req.header('content-type') ?? '')) {
    throw new AppError('request.invalid', 'the body must be multipart/form-data with one field, file');
  }
  const parts: MultipartPart[] = [];
  try {
    const limits = { maxFileSize: maxBytes, maxTotalSize: maxBytes, maxParts };
    for await (const part of parseMultipartRequest(c.req.raw, limits)) parts.push(part);
    return parts;
  } catch (cause) {
    if (cause instanceof MultipartParseError) {
      throw new AppError('request.invalid', `the multipart body cannot be read: ${cause.message}`, { cause });
    }
    if (cause instanceof AppError) throw cause;
    throw new AppError('request.invalid', describeThrown(cause), { cause });
  }
}

/** The library decodes a part's headers when they are asked for, as UTF-8 and nothing else. */
function namesOf(part: MultipartPart): { field: string | undefined; fileName: string | undefined } {
  try {
    return { field: part.name, fileName: part.filename };
  } catch (cause) {
    throw new AppError('request.invalid', 'the name of the file is not UTF-8', { cause });
  }
}

/**
 * The one file of a multipart request. It is held in memory whole, so a body limit has to stand before it.
 * @throws AppError `request.invalid`
 */
export async function uploadedFile(c: Context<AppEnv>, maxBytes: number): Promise<UploadedFile> {
  const parts = await partsOf(c, maxBytes);
  const [file] = parts;
  if (file === undefined) throw new AppError('request.invalid', 'the field file is missing');
  const { field, fileName } = namesOf(file);
  if (parts.length > 1 || field !== 'file') {
    throw new AppError('request.invalid', 'there must be exactly one field, named file');
  }
  if (fileName === undefined) throw new AppError('request.invalid', 'the field file must hold a file');
  const name = baseName(fileName);
  return name === '' ? { bytes: file.bytes } : { bytes: file.bytes, name };
}
