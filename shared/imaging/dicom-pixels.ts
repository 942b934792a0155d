import { AppError } from '../kernel/errors.ts';
import type { LoadCodec } from './codecs/codec-binaries.ts';
import { decodeStream, type StreamSize } from './codecs/stream-decoder.ts';
import type { DecodedFrame } from './codecs/wasm-codec.ts';
import { pixelDataElement, type DicomFile } from './dicom-file.ts';
import { frameOf, readFragments, startsPicture, type Fragments } from './dicom-fragments.ts';
import { readPixelDescription } from './dicom-header.ts';
import { placeInFrame, readSamples } from './dicom-samples.ts';
import { highBitOf, readDeflated, readNative, readRle } from './native-pixels.ts';
import type { PixelDescription, StoredPixels } from './stored-pixels.ts';
import { pixelEncoding, type PixelEncoding } from './transfer-syntaxes.ts';

/** Found once for each file: a film has thousands of frames. */
const fragmentsOf = new WeakMap<DicomFile, Fragments>();

/** The stored values of frame `frame`, counted from 0. Throws `image.*`; nothing of the result belongs to the file. */
export async function readStoredPixels(
  file: DicomFile,
  frame: number,
  loadCodec: LoadCodec,
): Promise<StoredPixels> {
  const { kind } = pixelDataElement(file);
  const found = pixelEncoding(file.transferSyntax);
  if ('unreadable' in found)
    throw new AppError('image.unsupported', `transfer syntax ${file.transferSyntax} (${found.unreadable})`);
  const stated = readPixelDescription(file, kind);
  if (!Number.isInteger(frame) || frame < 0 || frame >= stated.frames)
    throw new AppError('image.no-such-frame', `frame ${frame} of ${stated.frames}`);
  if (!isEncapsulated(file, found.encoding)) return readNative(file, stated, frame);
  const stream = frameOf(fragments(file), frame, stated.frames);
  if (startsPicture(stream)) return readStream(file, stated, stream, loadCodec);
  switch (found.encoding) {
    case 'rle':
      return readRle(file, stated, stream);
    case 'deflated-frames':
      return readDeflated(file, stated, stream);
    case 'stream':
      return readStream(file, stated, stream, loadCodec);
    case 'native':
      throw new AppError(
        'image.damaged',
        `encapsulated pixel data in transfer syntax ${file.transferSyntax}`,
      );
  }
}

/** By the undefined length (PS3.5 A.4); a stated length with an item behind it is found in files of compressed syntaxes. */
function isEncapsulated(file: DicomFile, encoding: PixelEncoding): boolean {
  const { element } = pixelDataElement(file);
  if (element.hadUndefinedLength === true) return true;
  if (encoding === 'native') return false;
  const [a, b, c, d] = file.bytes.subarray(element.dataOffset, element.dataOffset + 4);
  return a === 0xfe && b === 0xff && c === 0x00 && d === 0xe0;
}

function fragments(file: DicomFile): Fragments {
  const known =
    fragmentsOf.get(file) ??
    readFragments(file.bytes, pixelDataElement(file).element.dataOffset, file.bigEndian);
  fragmentsOf.set(file, known);
  return known;
}

async function readStream(
  file: DicomFile,
  stated: PixelDescription,
  stream: Uint8Array,
  loadCodec: LoadCodec,
): Promise<StoredPixels> {
  const decoded = await decodeStream(stream, {
    loadCodec,
    photometric: stated.photometricInterpretation,
    mayLackEnd: true,
    checkSize: (size) => checkAgainst(stated, size),
  });
  return fromCodec(file, stated, decoded);
}

/** The size must be the same in header and stream; but the edges of a picture cut into frames may be smaller. */
function checkAgainst(
  { rows, columns, samplesPerPixel, frames }: PixelDescription,
  { width, height, components }: StreamSize,
): void {
  const fits = frames > 1 ? width <= columns && height <= rows : width === columns && height === rows;
  if (fits && components === samplesPerPixel) return;
  throw new AppError(
    'image.damaged',
    `the stream holds ${width} × ${height} × ${components}, the header says ${columns} × ${rows} × ${samplesPerPixel}`,
  );
}

/** The stream knows its own precision; the header decides the sign (PS3.5 8.2). */
function fromCodec(file: DicomFile, stated: PixelDescription, frame: DecodedFrame): StoredPixels {
  const { rows, columns, samplesPerPixel, signed, photometricInterpretation } = stated;
  const { width, height, componentCount, bitsPerSample } = frame;
  checkAgainst(stated, { width, height, components: componentCount });
  const bitsAllocated = bitsPerSample > 8 ? 16 : 8;
  const count = width * height * samplesPerPixel;
  if (frame.bytes.length < (count * bitsAllocated) / 8)
    throw new AppError('image.truncated', 'the codec returned less than a frame');
  // Lossless JPEG often codes whole words of 16 bits, with what lies beside the stored bits.
  const isWord = frame.isExact === true && bitsPerSample > stated.bitsStored;
  const bitsStored = isWord ? stated.bitsStored : bitsPerSample;
  const highBit = isWord ? Math.min(highBitOf(file, stated), bitsPerSample - 1) : bitsStored - 1;
  const layout = { bitsAllocated, bitsStored, highBit, signed, bigEndian: false };
  const samples = readSamples(frame.bytes, count, layout);
  const isWhole = width === columns && height === rows;
  return {
    ...stated,
    bitsAllocated,
    bitsStored,
    photometricInterpretation: frame.photometric ?? undoneTransform(photometricInterpretation),
    samples: isWhole
      ? samples
      : placeInFrame(samples, width * samplesPerPixel, columns * samplesPerPixel, rows),
    ...(!isWhole && {
      warnings: [
        {
          code: 'image.smaller-frame',
          detail: `a frame holds ${width} × ${height} pixels, the header says ${columns} × ${rows}; the rest is empty`,
        },
      ],
    }),
  };
}

/** JPEG 2000 names its transform as photometric interpretation; what the codec gives back has none. */
function undoneTransform(photometric: string): string {
  return photometric === 'YBR_RCT' || photometric === 'YBR_ICT' ? 'RGB' : photometric;
}
