import { Decoder } from 'jpeg-lossless-decoder-js';
import { AppError } from '../../kernel/errors.ts';
import { readJpegFrame } from '../jpeg-markers.ts';
import { checkSize } from '../stored-pixels.ts';
import { thrownAsError } from './thrown-as-error.ts';
import type { DecodedFrame } from './wasm-codec.ts';

/** The spare byte, the end marker, and the one code that the library reads after the last pixel. */
const maxReadAhead = 8;

/**
 * JPEG lossless, process 14 (ISO 10918-1 annex H). The library stops quietly at a marker or reads on past the end as
 * zeros, so "it returned" proves nothing: the end marker, the last row and the read position are checked here.
 */
export function decodeJpegLossless(stream: Uint8Array): DecodedFrame {
  const { width, height, precision, components, process, end } = readJpegFrame(stream);
  checkSize(width, height);
  if (process !== 3 || (components !== 1 && !(components === 3 && precision === 8))) {
    throw new AppError(
      'image.unsupported',
      `SOF${process} with ${components} components of ${precision} bits`,
    );
  }
  if (end === undefined) throw new AppError('image.truncated', 'the JPEG lossless stream has no end marker');
  const decoder = new Decoder();
  const samples = decodeOrThrow(decoder, withSpareByte(stream.subarray(0, end)));
  const overrun = (decoder.stream?.index ?? 0) - end;
  if (decoder.yLoc < decoder.yDim || overrun > maxReadAhead) {
    throw new AppError('image.damaged', 'the JPEG lossless scan ends before its last pixel');
  }
  return {
    width,
    height,
    bitsPerSample: precision,
    componentCount: components,
    bytes: new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength),
  };
}

/** The library loses the last pixel where its code ends on a byte boundary: one byte before the end marker keeps it. */
function withSpareByte(scan: Uint8Array): Uint8Array<ArrayBuffer> {
  const spared = new Uint8Array(scan.length + 3);
  spared.set(scan);
  spared.set([0x00, 0xff, 0xd9], scan.length);
  return spared;
}

function decodeOrThrow(decoder: Decoder, stream: Uint8Array<ArrayBuffer>): ReturnType<Decoder['decode']> {
  try {
    return decoder.decode(stream.buffer, 0, stream.length);
  } catch (thrown) {
    throw new AppError('image.damaged', 'the JPEG lossless stream could not be decoded', {
      cause: thrownAsError(thrown),
    });
  }
}
