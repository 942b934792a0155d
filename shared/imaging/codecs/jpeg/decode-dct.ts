// JPEG baseline, extended and progressive with Huffman coding, of 8 or 12 bits and one to four components (ISO 10918-1
// processes 1, 2, 4 and their progressive forms). Gives the components as they are stored: no colour conversion.

import { AppError } from '../../../kernel/errors.ts';
import type { DecodedFrame } from '../wasm-codec.ts';
import { type CoefficientPlane, emptyPlanes, mcuGrid } from './coefficient-plane.ts';
import { inverseDct } from './inverse-dct.ts';
import { type FrameHeader, readJpegSegments, type Scan } from './jpeg-segments.ts';
import { decodeScan } from './scan-decoder.ts';
import { type SamplePlane, upsample } from './upsample.ts';

/** Two bytes a coefficient and up to two a sample: about 200 MB. */
const maxSamples = 48_000_000;
/** Of coefficients looked at in all scans: a progressive stream can ask for any number of passes over the picture. */
const maxWork = 600_000_000;

/** The caller has checked the size of the picture. Throws `image.*`. */
export function decodeDct(stream: Uint8Array): DecodedFrame {
  let frame: FrameHeader | undefined;
  let planes: readonly CoefficientPlane[] = [];
  let work = 0;
  readJpegSegments(
    stream,
    (header) => {
      frame = header;
      checkFrame(header, stream.length);
      planes = emptyPlanes(header, mcuGrid(header));
    },
    (scan) => {
      if (frame === undefined) return;
      work += workOf(scan, planes);
      if (work > maxWork) throw new AppError('image.too-large', 'too many scans of a JPEG picture');
      decodeScan(scan, frame.process === 2, planes, mcuGrid(frame));
    },
  );
  if (frame === undefined) throw new AppError('image.damaged', 'the JPEG stream has no frame header');
  return assemble(frame, planes);
}

function checkFrame({ process, precision, components, width, height }: FrameHeader, bytes: number): void {
  if (process > 2 || (precision !== 8 && precision !== 12) || (process === 0 && precision !== 8))
    throw new AppError('image.unsupported', `JPEG process SOF${process} with ${precision} bits`);
  if (components.length > 4)
    throw new AppError('image.unsupported', `JPEG with ${components.length} components`);
  const blocks = components.reduce((sum, { h, v }) => sum + h * v, 0);
  const { across, down } = mcuGrid({ process, precision, components, width, height });
  if (64 * blocks * across * down > maxSamples)
    throw new AppError('image.too-large', `a JPEG of ${width} × ${height} × ${components.length}`);
  // The shortest block is one bit; in a scan of several components every block of the MCU is coded.
  if (blocks * across * down > 2 * 8 * bytes)
    throw new AppError('image.truncated', `${bytes} bytes cannot hold ${width} × ${height} pixels of JPEG`);
}

function workOf(scan: Scan, planes: readonly CoefficientPlane[]): number {
  const each = scan.high > 0 && scan.from > 0 ? scan.to - scan.from + 1 : 4;
  return scan.components.reduce(
    (sum, { index }) => sum + each * (planes[index]?.stride ?? 0) * (planes[index]?.rows ?? 0),
    0,
  );
}

function assemble(frame: FrameHeader, planes: readonly CoefficientPlane[]): DecodedFrame {
  const { width, height, precision } = frame;
  const { maxH, maxV } = mcuGrid(frame);
  const count = planes.length;
  const samples =
    precision > 8 ? new Uint16Array(width * height * count) : new Uint8Array(width * height * count);
  for (const [index, plane] of planes.entries()) {
    const { h, v } = plane.component;
    upsample(samplesOf(plane, precision), maxH / h, maxV / v, width, height, (row, line) => {
      for (let x = 0, at = row * width * count + index; x < width; x += 1, at += count)
        samples[at] = line[x] ?? 0;
    });
  }
  return {
    width,
    height,
    bitsPerSample: precision,
    componentCount: count,
    bytes: new Uint8Array(samples.buffer),
  };
}

function samplesOf(plane: CoefficientPlane, precision: number): SamplePlane {
  const { coefficients, steps, width, height } = plane;
  if (steps === undefined) throw new AppError('image.truncated', 'a component of the JPEG has no scan');
  const stride = 8 * plane.stride;
  const length = stride * 8 * plane.rows;
  const samples = precision > 8 ? new Uint16Array(length) : new Uint8Array(length);
  for (let row = 0; row < plane.rows; row += 1) {
    for (let column = 0; column < plane.stride; column += 1) {
      const block = row * plane.stride + column;
      inverseDct(coefficients, 64 * block, steps, precision, samples, 8 * (row * stride + column), stride);
    }
  }
  return { samples, stride, width, height };
}
