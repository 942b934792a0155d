import createModule from '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs';
import { readJpegFrame } from '../jpeg-markers.ts';
import { AppError } from '../../kernel/errors.ts';
import { checkSize } from '../stored-pixels.ts';
import { wasmCodec, type DecodedFrame, type WasmDecoder } from './wasm-codec.ts';
import type { LoadCodec } from './codec-binaries.ts';

export interface LibJpegTurboModule {
  readonly JPEGDecoder: new () => WasmDecoder;
}

const codec = wasmCodec(
  'libjpeg-turbo',
  createModule,
  (module: LibJpegTurboModule) => new module.JPEGDecoder(),
);

/**
 * JPEG baseline, extended and progressive at 8 bits. Colour comes out as RGB whatever the file stores, grey as grey.
 * The wrapper throws on libjpeg's warnings too, so a scan that ends early never comes out grey at the bottom.
 */
export async function decodeJpeg(stream: Uint8Array, loadCodec: LoadCodec): Promise<DecodedFrame> {
  const { width, height, precision, components, process, end } = readJpegFrame(stream);
  checkSize(width, height);
  if (precision !== 8 || process > 2) {
    throw new AppError('image.unsupported', `JPEG process SOF${process} with ${precision} bits`);
  }
  if (components !== 1 && components !== 3) {
    throw new AppError('image.unsupported', `JPEG with ${components} components (CMYK)`);
  }
  if (end === undefined) throw new AppError('image.truncated', 'the JPEG stream has no end marker');
  return codec.decode(stream, loadCodec, (decoder) => {
    decoder.decode();
    return { ...decoder.getFrameInfo(), bytes: decoder.getDecodedBuffer().slice() };
  });
}
