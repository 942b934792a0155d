import createModule from '@cornerstonejs/codec-openjpeg/decodewasmjs';
import type { LoadCodec } from './codec-binaries.ts';
import type { Jpeg2000Header } from './jpeg-2000-header.ts';
import { wasmCodec, type DecodedFrame, type WasmDecoder } from './wasm-codec.ts';

export interface OpenJpegModule {
  readonly J2KDecoder: new () => WasmDecoder;
}

const codec = wasmCodec('openjpeg', createModule, (module: OpenJpegModule) => new module.J2KDecoder());

/** JPEG 2000 (ISO 15444-1); the codec undoes the component transform. */
export async function decodeOpenJpeg(
  { codestream, photometric }: Jpeg2000Header,
  loadCodec: LoadCodec,
): Promise<DecodedFrame> {
  return codec.decode(codestream, loadCodec, (decoder) => {
    decoder.decode();
    return { ...decoder.getFrameInfo(), bytes: decoder.getDecodedBuffer().slice(), photometric };
  });
}
