import type { Context } from 'hono';
import { AppError } from '../../shared/kernel/errors.ts';
import type { AppEnv } from '../deps.ts';

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

async function formOf(c: Context<AppEnv>): Promise<FormData> {
  if (!/^multipart\/form-data\b/i.test(c.req.header('content-type') ?? '')) {
    throw new AppError('request.invalid', 'the body must be multipart/form-data with one field, file');
  }
  try {
    return await c.req.formData();
  } catch (cause) {
    throw new AppError('request.invalid', 'the multipart body cannot be read', { cause });
  }
}

/**
 * The one file of a multipart request. It is held in memory whole, so a body limit has to stand before it.
 * @throws AppError `request.invalid`
 */
export async function uploadedFile(c: Context<AppEnv>): Promise<UploadedFile> {
  const fields = [...(await formOf(c)).entries()];
  const [first] = fields;
  if (first === undefined) throw new AppError('request.invalid', 'the field file is missing');
  const [field, file] = first;
  if (fields.length > 1 || field !== 'file') {
    throw new AppError('request.invalid', 'there must be exactly one field, named file');
  }
  if (typeof file === 'string') throw new AppError('request.invalid', 'the field file must hold a file');
  const bytes = new Uint8Array(await file.arrayBuffer());
  const name = baseName(file.name);
  return name === '' ? { bytes } : { bytes, name };
}
