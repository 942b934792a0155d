import charls from '@cornerstonejs/codec-charls/decodewasm?url';
import libjpegTurbo from '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasm?url';
import openjpeg from '@cornerstonejs/codec-openjpeg/decodewasm?url';
import openjph from '@cornerstonejs/codec-openjph/wasm?url';
import type { LoadCodec } from '../../shared/imaging/codecs/codec-binaries.ts';
import { AppError } from '../../shared/kernel/errors.ts';

const urls = { charls, openjpeg, openjph, 'libjpeg-turbo': libjpegTurbo } as const;

/** From the hub that served the page, never from elsewhere. */
export const fetchCodec: LoadCodec = async (name) => {
  let response: Response;
  try {
    response = await fetch(urls[name]);
  } catch (cause) {
    throw new AppError('network.unreachable', `the codec ${name} could not be fetched`, { cause });
  }
  // The name holds a hash of the file: a hub that does not know it serves another version of the page.
  if (response.status === 404) throw new AppError('page.outdated', `the hub has another codec ${name}`);
  if (!response.ok) throw new AppError('server.internal', `the codec ${name}: status ${response.status}`);
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    throw new AppError('network.unreachable', `the codec ${name} did not come whole`, { cause });
  }
};
