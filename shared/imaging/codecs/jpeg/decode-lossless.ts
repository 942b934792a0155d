// JPEG lossless with Huffman coding, process 14 (ISO 10918-1 annex H): every sample is a prediction from its neighbours
// plus a coded difference, modulo 2^16.

import { AppError } from '../../../kernel/errors.ts';
import type { DecodedFrame } from '../wasm-codec.ts';
import { BitSource } from './bit-source.ts';
import type { HuffmanTable } from './huffman-table.ts';
import { type FrameHeader, readJpegSegments, type Scan } from './jpeg-segments.ts';
import { predictRow } from './predict-row.ts';

interface Picture {
  readonly frame: FrameHeader;
  /** Samples of a pixel side by side. */
  readonly samples: Uint8Array | Uint16Array;
  readonly decoded: boolean[];
}

/** The caller has checked the size of the picture. Throws `image.*`. */
export function decodeLossless(stream: Uint8Array): DecodedFrame {
  let picture: Picture | undefined;
  readJpegSegments(
    stream,
    (frame) => {
      picture = emptyPicture(frame, stream.length);
    },
    (scan) => {
      if (picture !== undefined) decodeScan(scan, picture);
    },
  );
  if (picture === undefined) throw new AppError('image.damaged', 'the JPEG stream has no frame header');
  const { frame, samples, decoded } = picture;
  const componentCount = frame.components.length;
  if (decoded.filter(Boolean).length < componentCount)
    throw new AppError('image.truncated', 'a component of the JPEG has no scan');
  const bytes = new Uint8Array(samples.buffer as ArrayBuffer);
  const { width, height, precision: bitsPerSample } = frame;
  return { width, height, bitsPerSample, componentCount, bytes, isExact: true };
}

function emptyPicture(frame: FrameHeader, bytes: number): Picture {
  const { process, precision, width, height, components } = frame;
  const isPlain = components.every(({ h, v }) => h === components[0]?.h && v === components[0].v);
  if (process !== 3 || precision < 2 || precision > 16 || components.length > 4 || !isPlain) {
    const found = `SOF${process} with ${components.length} components of ${precision} bits`;
    throw new AppError('image.unsupported', `JPEG ${found}${isPlain ? '' : ', subsampled'}`);
  }
  const count = width * height * components.length;
  // Every sample takes at least one bit.
  if (count > 8 * bytes)
    throw new AppError('image.truncated', `${bytes} bytes cannot hold ${width} × ${height} samples`);
  return { frame, samples: precision > 8 ? new Uint16Array(count) : new Uint8Array(count), decoded: [] };
}

function decodeScan(scan: Scan, { frame, samples, decoded }: Picture): void {
  const { width, height, precision, components } = frame;
  const { from: predictor, low: pointTransform, restartInterval, intervals } = scan;
  const count = components.length;
  if (predictor < 1 || predictor > 7 || pointTransform >= precision)
    throw new AppError('image.damaged', `a lossless JPEG scan with predictor ${predictor}`);
  if (restartInterval % width !== 0)
    throw new AppError('image.unsupported', 'lossless JPEG with restarts inside a row');
  const tables: readonly HuffmanTable[] = scan.components.map(({ dc }) => scan.dcTable(dc));
  const places = scan.components.map(({ index }) => index);
  if (places.some((index) => decoded[index] === true))
    throw new AppError('image.damaged', 'a component of the lossless JPEG has two scans');
  for (const index of places) decoded[index] = true;
  const rowsPerInterval = restartInterval === 0 ? height : restartInterval / width;
  const differences = places.map(() => new Int32Array(width));
  let lines = places.map(() => ({ above: new Int32Array(width), here: new Int32Array(width) }));
  for (let first = 0; first < height; first += rowsPerInterval) {
    const interval = intervals[first / rowsPerInterval];
    if (interval === undefined)
      throw new AppError('image.damaged', 'restart intervals of a JPEG scan are missing');
    const source = new BitSource(interval);
    for (let row = first; row < Math.min(height, first + rowsPerInterval); row += 1) {
      source.differences(tables, differences);
      source.checkNotOverrun();
      lines = lines.map(({ above, here }) => ({ above: here, here: above }));
      for (const [place, index] of places.entries()) {
        const { above, here } = lines[place]!;
        const start = 1 << (precision - pointTransform - 1);
        predictRow(differences[place]!, row === first ? undefined : above, here, predictor, start);
        for (let x = 0, at = row * width * count + index; x < width; x += 1, at += count)
          samples[at] = here[x]! << pointTransform;
      }
    }
  }
}
