import { AppError } from '../../kernel/errors.ts';
import type { LoadCodec } from './codec-binaries.ts';
import { readJpeg2000Header } from './jpeg-2000-header.ts';
import { decodeJpeg } from './jpeg-stream.ts';
import { decodeOpenJpeg } from './openjpeg.ts';
import { decodeOpenJph } from './openjph.ts';
import type { DecodedFrame } from './wasm-codec.ts';

export interface StreamSize {
  readonly width: number;
  readonly height: number;
  readonly components: number;
}

export interface StreamContext {
  readonly loadCodec: LoadCodec;
  /** What the data set says of the colours; it counts where the stream says nothing. */
  readonly photometric?: string | undefined;
  /** Frames of DICOM files sometimes lack their end marker and are whole; a JPEG file without it is cut. */
  readonly mayLackEnd?: boolean;
  /** Called with what the stream's header claims, before anything of that size is allocated; throws to refuse it. */
  readonly checkSize?: ((size: StreamSize) => void) | undefined;
}

/** One frame of JPEG, JPEG-LS, JPEG 2000 or HTJ2K, told apart by its first bytes: transfer syntaxes are sometimes wrong. */
export function decodeStream(stream: Uint8Array, context: StreamContext): Promise<DecodedFrame> {
  if (stream[0] === 0xff && stream[1] === 0xd8) return decodeJpeg(stream, context);
  return decodeJpeg2000(stream, context);
}

async function decodeJpeg2000(stream: Uint8Array, context: StreamContext): Promise<DecodedFrame> {
  if (stream.length < 4) throw new AppError('image.truncated', 'an empty fragment instead of a picture');
  const header = readJpeg2000Header(stream);
  context.checkSize?.(header);
  return (header.isHighThroughput ? decodeOpenJph : decodeOpenJpeg)(header, context.loadCodec);
}
