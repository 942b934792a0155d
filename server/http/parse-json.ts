import { AppError } from '../../shared/kernel/errors.ts';

/**
 * Members and items of one request's body; the largest push has some forty thousand. A body of brackets alone, within the
 * limit of bytes, would hold up the event loop for seconds.
 */
const mostParts = 100_000;

const [backslash, comma, bracket, brace] = ['\\', ',', '[', '{'].map((one) => one.charCodeAt(0));

/** Where the string ends that begins at this quotation mark; the end of the text when it does not. */
function endOfString(text: string, begin: number): number {
  for (let end = text.indexOf('"', begin + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === backslash) escapes++;
    if (escapes % 2 === 0) return end;
  }
  return text.length;
}

/** Most of a push stands in strings, over which the platform searches quickly. */
function hasMoreParts(text: string, most: number): boolean {
  let parts = 0;
  for (let at = 0; at < text.length;) {
    const quote = text.indexOf('"', at);
    const end = quote === -1 ? text.length : quote;
    for (; at < end; at++) {
      const code = text.charCodeAt(at);
      if ((code === comma || code === bracket || code === brace) && ++parts > most) return true;
    }
    at = endOfString(text, end) + 1;
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
