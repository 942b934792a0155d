import createModule from '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs';
import type { LoadCodec } from './codec-binaries.ts';
import { wasmCodec, type DecodedFrame, type WasmDecoder } from './wasm-codec.ts';

export interface LibJpegTurboModule {
  readonly JPEGDecoder: new () => WasmDecoder;
}

const codec = wasmCodec(
  'libjpeg-turbo',
  createModule,
  (module: LibJpegTurboModule) => new module.JPEGDecoder(),
);

/**
 * JPEG baseline, extended and progressive of one or three components of 8 bits. Colour comes out as RGB whatever the file
 * stores, grey as grey. The wrapper throws on libjpeg's warnings too, so a scan that ends early never comes out grey at
 * the bottom. The caller has checked the header.
 */
export async function decodeTurbo(stream: Uint8Array, loadCodec: LoadCodec): Promise<DecodedFrame> {
  return codec.decode(stream, loadCodec, (decoder) => {
    decoder.decode();
    const info = decoder.getFrameInfo();
    const bytes = decoder.getDecodedBuffer().slice();
    return { ...info, bytes, ...(info.componentCount === 3 && { photometric: 'RGB' as const }) };
  });
}
