import createModule from '@cornerstonejs/codec-openjph/wasmjs';
import type { LoadCodec } from './codec-binaries.ts';
import type { Jpeg2000Header } from './jpeg-2000-header.ts';
import { wasmCodec, type DecodedFrame, type WasmDecoder } from './wasm-codec.ts';

export interface OpenJphModule {
  readonly HTJ2KDecoder: new () => WasmDecoder;
}

const codec = wasmCodec('openjph', createModule, (module: OpenJphModule) => new module.HTJ2KDecoder());

/** High-throughput JPEG 2000 (ISO 15444-15); the codec undoes the component transform. */
export async function decodeOpenJph(
  { codestream, photometric }: Jpeg2000Header,
  loadCodec: LoadCodec,
): Promise<DecodedFrame> {
  return codec.decode(codestream, loadCodec, (decoder) => {
    decoder.decode();
    return { ...decoder.getFrameInfo(), bytes: decoder.getDecodedBuffer().slice(), photometric };
  });
}
