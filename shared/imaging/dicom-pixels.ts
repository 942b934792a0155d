import { AppError } from '../kernel/errors.ts';
import { decodeJpegLs } from './codecs/charls.ts';
import type { LoadCodec } from './codecs/codec-binaries.ts';
import { decodeJpegLossless } from './codecs/jpeg-lossless.ts';
import { decodeJpeg } from './codecs/libjpeg-turbo.ts';
import { decodeJpeg2000 } from './codecs/openjpeg.ts';
import { decodeRle } from './codecs/rle.ts';
import type { DecodedFrame } from './codecs/wasm-codec.ts';
import { pixelDataElement, transferSyntaxes, type DicomFile } from './dicom-file.ts';
import { encapsulatedFrame } from './dicom-fragments.ts';
import { readPixelDescription } from './dicom-header.ts';
import { expand422, interleave, readBits, readSamples } from './dicom-samples.ts';
import type { PixelDescription, StoredPixels } from './stored-pixels.ts';

type DecodeStream = (stream: Uint8Array, loadCodec: LoadCodec) => DecodedFrame | Promise<DecodedFrame>;

const native: ReadonlySet<string> = new Set(Object.values(transferSyntaxes));
const rle = '1.2.840.10008.1.2.5';

const streamDecoders: ReadonlyMap<string, DecodeStream> = new Map<string, DecodeStream>([
  ['1.2.840.10008.1.2.4.50', decodeJpeg],
  ['1.2.840.10008.1.2.4.51', decodeJpeg],
  ['1.2.840.10008.1.2.4.57', decodeJpegLossless],
  ['1.2.840.10008.1.2.4.70', decodeJpegLossless],
  ['1.2.840.10008.1.2.4.80', decodeJpegLs],
  ['1.2.840.10008.1.2.4.81', decodeJpegLs],
  ['1.2.840.10008.1.2.4.90', decodeJpeg2000],
  ['1.2.840.10008.1.2.4.91', decodeJpeg2000],
]);

/** The stored values of frame `frame`, counted from 0. Throws `image.*`; nothing of the result belongs to the file. */
export async function readStoredPixels(
  file: DicomFile,
  frame: number,
  loadCodec: LoadCodec,
): Promise<StoredPixels> {
  const { dataOffset, hadUndefinedLength = false } = pixelDataElement(file);
  const stated = readPixelDescription(file);
  const decodeStream = streamDecoders.get(file.transferSyntax);
  if (decodeStream === undefined && file.transferSyntax !== rle && !native.has(file.transferSyntax)) {
    throw new AppError('image.unsupported', `transfer syntax ${file.transferSyntax}`);
  }
  if (!hadUndefinedLength) return readNative(file, stated, frame);
  if (native.has(file.transferSyntax)) {
    throw new AppError('image.damaged', `encapsulated pixel data in transfer syntax ${file.transferSyntax}`);
  }
  const stream = encapsulatedFrame(file.bytes, dataOffset, frame, stated.frames);
  if (decodeStream === undefined) return readRle(file, stated, stream);
  return fromCodec(stated, await decodeStream(stream, loadCodec));
}

function readNative(file: DicomFile, stated: PixelDescription, frame: number): StoredPixels {
  const { dataSet } = file;
  const { dataOffset, length } = pixelDataElement(file);
  const pixels = stated.rows * stated.columns;
  const packed422 = stated.photometricInterpretation === 'YBR_FULL_422' && stated.bitsAllocated === 8;
  const frameBits = packed422 ? 16 * pixels : pixels * stated.samplesPerPixel * stated.bitsAllocated;
  const neededBytes = Math.ceil(((frame + 1) * frameBits) / 8);
  if (dataOffset + neededBytes > file.bytes.length || neededBytes > length) {
    const present = Math.min(length, file.bytes.length - dataOffset);
    throw new AppError('image.truncated', `${present} bytes of pixel data where ${neededBytes} are needed`);
  }
  const all = file.bytes.subarray(dataOffset, dataOffset + neededBytes);
  if (stated.bitsAllocated === 1) return { ...stated, samples: readBits(all, frame * frameBits, pixels) };
  const bytes = all.subarray((frame * frameBits) / 8);
  if (packed422) return { ...stated, samples: expand422(bytes, pixels) };
  const planar = stated.samplesPerPixel > 1 && dataSet.uint16('x00280006') === 1;
  const ordered = planar ? interleave(bytes, stated.samplesPerPixel, stated.bitsAllocated / 8) : bytes;
  return { ...stated, samples: samplesOf(file, stated, ordered, file.bigEndian) };
}

function readRle(file: DicomFile, stated: PixelDescription, stream: Uint8Array): StoredPixels {
  const { rows, columns, samplesPerPixel, bitsAllocated } = stated;
  if (bitsAllocated % 8 !== 0)
    throw new AppError('image.unsupported', `RLE of ${bitsAllocated} bits allocated`);
  const bytes = decodeRle(stream, rows * columns, samplesPerPixel, bitsAllocated / 8);
  return { ...stated, samples: samplesOf(file, stated, bytes, false) };
}

function samplesOf(
  file: DicomFile,
  stated: PixelDescription,
  bytes: Uint8Array,
  bigEndian: boolean,
): StoredPixels['samples'] {
  const count = stated.rows * stated.columns * stated.samplesPerPixel;
  const highBit = file.dataSet.uint16('x00280102') ?? stated.bitsStored - 1;
  const usable = highBit >= stated.bitsStored - 1 && highBit < stated.bitsAllocated;
  return readSamples(bytes, count, {
    ...stated,
    highBit: usable ? highBit : stated.bitsStored - 1,
    bigEndian,
  });
}

/** The stream knows its own precision; the header decides the sign, and the size must be the same in both. */
function fromCodec(stated: PixelDescription, frame: DecodedFrame): StoredPixels {
  const { rows, columns, samplesPerPixel, signed } = stated;
  if (frame.width !== columns || frame.height !== rows || frame.componentCount !== samplesPerPixel) {
    const found = `${frame.width} × ${frame.height} × ${frame.componentCount}`;
    throw new AppError(
      'image.damaged',
      `the stream holds ${found}, the header says ${columns} × ${rows} × ${samplesPerPixel}`,
    );
  }
  const bitsAllocated = frame.bitsPerSample > 8 ? 16 : 8;
  const count = rows * columns * samplesPerPixel;
  if (frame.bytes.length < (count * bitsAllocated) / 8)
    throw new AppError('image.truncated', 'the codec returned less than a frame');
  const bitsStored = Math.min(frame.bitsPerSample, bitsAllocated);
  const layout = { bitsAllocated, bitsStored, highBit: bitsStored - 1, signed, bigEndian: false };
  const photometricInterpretation = samplesPerPixel === 3 ? 'RGB' : stated.photometricInterpretation;
  return {
    ...stated,
    bitsAllocated,
    bitsStored,
    photometricInterpretation,
    samples: readSamples(frame.bytes, count, layout),
  };
}
