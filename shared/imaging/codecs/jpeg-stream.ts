import { AppError } from '../../kernel/errors.ts';
import { type JpegFrame, readJpegFrame } from '../jpeg-markers.ts';
import { checkSize } from '../stored-pixels.ts';
import { decodeJpegLs } from './charls.ts';
import { decodeDct } from './jpeg/decode-dct.ts';
import { decodeLossless } from './jpeg/decode-lossless.ts';
import { decodeTurbo } from './libjpeg-turbo.ts';
import type { StreamContext } from './stream-decoder.ts';
import type { DecodedFrame } from './wasm-codec.ts';

/** Blocks × scans; a progressive stream can ask for any number of passes over the picture. */
const maxBlockVisits = 30_000_000;

/** Any JPEG or JPEG-LS stream with Huffman coding, by the process that its own frame header states. */
export async function decodeJpeg(stream: Uint8Array, context: StreamContext): Promise<DecodedFrame> {
  const frame = readJpegFrame(stream);
  checkSize(frame.width, frame.height);
  context.checkSize?.(frame);
  if (frame.end !== undefined) return decodeProcess(stream, frame, context);
  // Of these processes every sample is counted, so that nothing missing can go unseen.
  if (context.mayLackEnd !== true || ![0, 1, 3].includes(frame.process))
    throw new AppError('image.truncated', 'the JPEG stream has no end marker');
  try {
    return await decodeProcess(withEnd(stream), frame, context);
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'image.damaged') throw thrown;
    throw new AppError('image.truncated', 'the JPEG stream ends before its last pixel', { cause: thrown });
  }
}

function withEnd(stream: Uint8Array): Uint8Array {
  const ended = new Uint8Array(stream.length + 2);
  ended.set(stream);
  ended.set([0xff, 0xd9], stream.length);
  return ended;
}

async function decodeProcess(
  stream: Uint8Array,
  frame: JpegFrame,
  context: StreamContext,
): Promise<DecodedFrame> {
  switch (frame.process) {
    case 0:
    case 1:
    case 2:
      return decodeDctStream(stream, frame, context);
    case 3:
      return decodeLossless(stream);
    case 55:
      return decodeJpegLs(stream, frame, context.loadCodec);
    default:
      throw new AppError('image.unsupported', `JPEG process SOF${frame.process}`);
  }
}

async function decodeDctStream(
  stream: Uint8Array,
  frame: JpegFrame,
  { loadCodec, photometric }: StreamContext,
): Promise<DecodedFrame> {
  checkWork(frame, stream.length);
  const isRgb = frame.colour === 'direct' || (frame.colour === 'unstated' && photometric === 'RGB');
  const { precision, components, colour } = frame;
  // libjpeg takes three components that say nothing for YCbCr.
  const isTurbos = components === 1 || (components === 3 && !(isRgb && colour === 'unstated'));
  if (precision === 8 && isTurbos) return decodeTurbo(stream, loadCodec);
  const decoded = decodeDct(stream);
  return components === 3 ? { ...decoded, photometric: isRgb ? 'RGB' : 'YBR_FULL' } : decoded;
}

function checkWork({ width, height, components, scans }: JpegFrame, bytes: number): void {
  const blocks = Math.ceil(width / 8) * Math.ceil(height / 8);
  // The shortest code of a block is one bit.
  if (blocks > 16 * bytes)
    throw new AppError('image.truncated', `${bytes} bytes cannot hold ${width} × ${height} pixels of JPEG`);
  if (blocks * components * scans > maxBlockVisits)
    throw new AppError('image.too-large', `${scans} scans of a JPEG of ${width} × ${height}`);
}
