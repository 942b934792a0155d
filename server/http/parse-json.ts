import { AppError } from '../../shared/kernel/errors.ts';

/**
 * Members and items of one request's body; the largest push has some forty thousand. A body of brackets alone, within the
 * limit of bytes, would hold up the event loop for seconds.
 */
const mostParts = 100_000;

const [quote, backslash, comma, bracket, brace] = ['"', '\\', ',', '[', '{'].map((one) => one.charCodeAt(0));

function hasMoreParts(text: string, most: number): boolean {
  let parts = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === backslash) at++;
      else if (code === quote) inString = false;
    } else if (code === quote) inString = true;
    else if ((code === comma || code === bracket || code === brace) && ++parts > most) return true;
  }
  return false;
}

/** @throws AppError `request.invalid` for what is no JSON, or has too many parts */
export function parseJson(text: string): unknown {
  if (text.length > mostParts && hasMoreParts(text, mostParts)) {
    throw new AppError('request.invalid', `the body has more than ${mostParts} parts`);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new AppError('request.invalid', 'the body is not JSON', { cause });
  }
}
