import createModule from '@cornerstonejs/codec-charls/decodewasmjs';
import { AppError } from '../../kernel/errors.ts';
import type { JpegFrame } from '../jpeg-markers.ts';
import { interleave } from '../dicom-samples.ts';
import { wasmCodec, type DecodedFrame, type WasmDecoder } from './wasm-codec.ts';
import type { LoadCodec } from './codec-binaries.ts';

interface CharLsDecoder extends WasmDecoder {
  /** 0 = one scan per component (planar), 1 = by line, 2 = by sample; ISO 14495-1 C.2.3. */
  getInterleaveMode(): number;
}

export interface CharLsModule {
  readonly JpegLSDecoder: new () => CharLsDecoder;
}

const codec = wasmCodec('charls', createModule, (module: CharLsModule) => new module.JpegLSDecoder());

/** JPEG-LS, lossless and near-lossless (ISO 14495-1). The caller has checked size and end of the stream. */
export async function decodeJpegLs(
  stream: Uint8Array,
  { width, height, components }: JpegFrame,
  loadCodec: LoadCodec,
): Promise<DecodedFrame> {
  if (components !== 1 && components !== 3)
    throw new AppError('image.unsupported', `JPEG-LS with ${components} components`);
  // A run of any length takes bits; a constant row takes about one for 32,768 pixels.
  if (width * height > 262_144 * stream.length)
    throw new AppError('image.truncated', `${stream.length} bytes cannot hold ${width} × ${height} pixels`);
  return codec.decode(stream, loadCodec, (decoder) => {
    decoder.decode();
    const info = decoder.getFrameInfo();
    const bytes = decoder.getDecodedBuffer().slice();
    const planar = info.componentCount > 1 && decoder.getInterleaveMode() === 0;
    return {
      ...info,
      bytes: planar ? interleave(bytes, info.componentCount, info.bitsPerSample > 8 ? 2 : 1) : bytes,
    };
  });
}
