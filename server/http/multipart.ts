// multipart/form-data, RFC 7578 with the syntax of RFC 2046 section 5.1.1, over a body that is in memory already.
// The platform's formData() copies a file four times and costs the hub several milliseconds per megabyte; this one hands
// out views. What browsers and curl do beyond the RFC: names are UTF-8, quotes come as %22 or \".

import { AppError } from '../../shared/kernel/errors.ts';

export interface FormPart {
  readonly name: string;
  /** Present when the part is a file, if only as an empty name. */
  readonly fileName?: string;
  /** A view into the body. */
  readonly bytes: Uint8Array;
}

const maxParts = 16;
const maxHeaderBytes = 8192;

/** @throws AppError `request.invalid` when the media type is another or names no boundary */
export function boundaryOf(contentType: string): string {
  const [, quoted, token] =
    /^multipart\/form-data\s*;(?:.*;)?\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))\s*(?:;|$)/i.exec(
      contentType,
    ) ?? [];
  const boundary = quoted ?? token;
  if (boundary === undefined) throw invalid('the body must be multipart/form-data with a boundary');
  return boundary;
}

/** @throws AppError `request.invalid` */
export function parseMultipart(body: Uint8Array, boundary: string): FormPart[] {
  const buffer = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  const atStart = buffer.subarray(0, delimiter.length - 2).equals(delimiter.subarray(2));
  const first = atStart ? afterDelimiter(buffer, delimiter.length - 2) : undefined;
  let next = first ?? findDelimiter(buffer, delimiter, 0).end;

  const parts: FormPart[] = [];
  while (next !== 'closed') {
    if (parts.length === maxParts) throw invalid(`there are more than ${maxParts} parts`);
    const headersEnd = buffer.subarray(next, next + maxHeaderBytes).indexOf('\r\n\r\n');
    if (headersEnd < 0) throw invalid('the headers of a part do not end');
    const names = dispositionOf(buffer.toString('utf8', next, next + headersEnd));
    const start = next + headersEnd + 4;
    const found = findDelimiter(buffer, delimiter, start);
    parts.push({ ...names, bytes: body.subarray(start, found.start) });
    next = found.end;
  }
  return parts;
}

/** The next line that is a delimiter: a file may hold the boundary's characters as part of a longer line. */
function findDelimiter(
  buffer: Buffer,
  delimiter: Buffer,
  from: number,
): { start: number; end: number | 'closed' } {
  for (
    let start = buffer.indexOf(delimiter, from);
    start >= 0;
    start = buffer.indexOf(delimiter, start + 1)
  ) {
    const end = afterDelimiter(buffer, start + delimiter.length);
    if (end !== undefined) return { start, end };
  }
  throw invalid('the body ends before its last boundary');
}

/** Where the part begins that follows a boundary ending at `position`; undefined when the line goes on otherwise. */
function afterDelimiter(buffer: Buffer, position: number): number | 'closed' | undefined {
  if (buffer.toString('latin1', position, position + 2) === '--') return 'closed';
  let end = position;
  while (buffer[end] === 0x20 || buffer[end] === 0x09) end += 1;
  return buffer.toString('latin1', end, end + 2) === '\r\n' ? end + 2 : undefined;
}

function dispositionOf(headers: string): { name: string; fileName?: string } {
  const [, parameters] = /^content-disposition:\s*form-data\s*(;.*)$/im.exec(headers) ?? [];
  const values = new Map<string, string>();
  for (const [, key = '', quoted, token = ''] of (parameters ?? '').matchAll(parameterPattern)) {
    values.set(key.toLowerCase(), unescape(quoted ?? token));
  }
  const name = values.get('name');
  if (name === undefined) throw invalid('a part has no name');
  const fileName = values.get('filename');
  return fileName === undefined ? { name } : { name, fileName };
}

const parameterPattern = /;\s*([\w-]+)=(?:"((?:\\"|[^"])*)"|([^\s;"]+))/g;

function unescape(value: string): string {
  const percent = (_: string, hex: string): string => String.fromCharCode(Number.parseInt(hex, 16));
  return value.replaceAll('\\"', '"').replaceAll(/%(22|0D|0A)/gi, percent);
}

function invalid(message: string): AppError {
  return new AppError('request.invalid', message);
}
