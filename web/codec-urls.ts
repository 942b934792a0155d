import charls from '@cornerstonejs/codec-charls/decodewasm?url';
import libjpegTurbo from '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasm?url';
import openjpeg from '@cornerstonejs/codec-openjpeg/decodewasm?url';
import type { LoadCodec } from '../shared/imaging/codecs/codec-binaries.ts';

const urls = { charls, openjpeg, 'libjpeg-turbo': libjpegTurbo } as const;

/** From the hub that served the page, never from elsewhere. */
export const fetchCodec: LoadCodec = async (name) => {
  const response = await fetch(urls[name]);
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
};
