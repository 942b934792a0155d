import { bodyLimit } from 'hono/body-limit';
import { AppError } from '../../shared/kernel/errors.ts';

/**
 * Refuses by Content-Length before anything is read, and while reading where there is none.
 * @throws AppError `request.too-large`
 */
export function uploadLimit(maxBytes: number) {
  return bodyLimit({
    maxSize: maxBytes,
    onError: () => {
      throw new AppError('request.too-large', `the request is larger than ${maxBytes} bytes`);
    },
  });
}
