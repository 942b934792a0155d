import createModule from '@cornerstonejs/codec-openjpeg/decodewasmjs';
import { AppError } from '../../kernel/errors.ts';
import { checkSize } from '../stored-pixels.ts';
import { wasmCodec, type DecodedFrame, type WasmDecoder } from './wasm-codec.ts';
import type { LoadCodec } from './codec-binaries.ts';

export interface OpenJpegModule {
  readonly J2KDecoder: new () => WasmDecoder;
}

const codec = wasmCodec('openjpeg', createModule, (module: OpenJpegModule) => new module.J2KDecoder());

/** JPEG 2000 (ISO 15444-1); the codec undoes the component transform, so colour comes out as RGB. */
export async function decodeJpeg2000(stream: Uint8Array, loadCodec: LoadCodec): Promise<DecodedFrame> {
  checkHeader(stream);
  if (!hasEndMarker(stream))
    throw new AppError('image.truncated', 'the JPEG 2000 codestream has no end marker');
  return codec.decode(stream, loadCodec, (decoder) => {
    decoder.decode();
    return { ...decoder.getFrameInfo(), bytes: decoder.getDecodedBuffer().slice() };
  });
}

/** The SIZ marker follows SOC at once (A.5.1); some files put the boxes of the JP2 file format before the codestream. */
function checkHeader(stream: Uint8Array): void {
  let start = 0;
  while (
    start >= 0 &&
    !(stream[start + 1] === 0x4f && stream[start + 2] === 0xff && stream[start + 3] === 0x51)
  ) {
    start = stream.indexOf(0xff, start + 1);
  }
  if (start < 0 || start + 42 > stream.length) throw new AppError('image.damaged', 'no JPEG 2000 codestream');
  const size = new DataView(stream.buffer, stream.byteOffset + start + 8);
  checkSize(size.getUint32(0) - size.getUint32(8), size.getUint32(4) - size.getUint32(12));
  const components = size.getUint16(32);
  if (components !== 1 && components !== 3) {
    throw new AppError('image.unsupported', `JPEG 2000 with ${components} components`);
  }
}

/** EOC (FFD9) comes last (A.4.4), but for padding; codestream data never holds a value above FF8F (B.10.1). */
function hasEndMarker(stream: Uint8Array): boolean {
  const tail = stream.subarray(-8);
  return tail.some((byte, index) => byte === 0xff && tail[index + 1] === 0xd9);
}
