// Areas blacked out in the stored pixels of every frame (PS3.15 E.3.1). What comes out is a derived image, uncompressed,
// that names the picture it was made from (PS3.3 C.7.6.1.1.2, C.12.4).

import { AppError } from '../../kernel/errors.ts';
import type { LoadCodec } from '../codecs/codec-binaries.ts';
import { thrownAsError } from '../codecs/thrown-as-error.ts';
import { inOtherByteOrder } from '../data-set/byte-order.ts';
import type { DicomTree } from '../data-set/dicom-tree.ts';
import { type DataElement, pixelDataTag } from '../data-set/element.ts';
import { asciiOf, findElement, sequenceElement, textElement, withElements } from '../data-set/values.ts';
import { openDicom } from '../dicom-file.ts';
import { readStoredPixels } from '../dicom-pixels.ts';
import { readPixelAspect } from '../pixel-aspect.ts';
import type { StoredPixels } from '../stored-pixels.ts';
import type { DeidentifyOptions, Mask } from './deidentify-options.ts';
import { paintMasks } from './paint-masks.ts';
import { derivedUid } from './pseudonyms.ts';

const maxOutputBytes = 512 * 1024 * 1024;
const sopInstanceTag = 0x00080018;
/** They speak of the compressed frames or of pixels that have changed. */
const outdated: ReadonlySet<number> = new Set([0x7fe00001, 0x7fe00002, 0x00280006]);
const lossySyntaxes = /^1\.2\.840\.10008\.1\.2\.4\.(5[0-6]|81|91)$/;

/** `header`: the cleaned elements without pixels. The result is little endian. @throws AppError `deidentify.bad-mask`, `image.*` */
export async function maskPixels(
  bytes: Uint8Array,
  tree: DicomTree,
  header: readonly DataElement[],
  { masks, hmac }: Pick<DeidentifyOptions, 'masks' | 'hmac'>,
  loadCodec: LoadCodec,
): Promise<readonly DataElement[]> {
  const { stored, pixels } = await maskedFrames(bytes, masks, loadCodec);
  const elements = (tree.encoding.bigEndian ? inOtherByteOrder(header) : header).filter(
    ({ tag }) => !outdated.has(tag),
  );
  const source = asciiOf(findElement(elements, sopInstanceTag)) ?? '';
  const [, ...imageType] = (asciiOf(findElement(elements, 0x00080008)) ?? '\\SECONDARY').split('\\');
  const isColour = stored.samplesPerPixel > 1;
  return withElements(elements, [
    textElement(0x00080008, 'CS', ['DERIVED', ...imageType].join('\\')),
    textElement(sopInstanceTag, 'UI', await derivedUid(source, JSON.stringify(masks), hmac)),
    textElement(0x00082111, 'ST', 'Areas of the picture were blacked out'),
    sequenceElement(0x00082112, [
      [
        textElement(0x00081150, 'UI', asciiOf(findElement(elements, 0x00080016)) ?? ''),
        textElement(0x00081155, 'UI', source),
      ],
    ]),
    unsigned(0x00280002, stored.samplesPerPixel),
    textElement(0x00280004, 'CS', stored.photometricInterpretation.replace('YBR_FULL_422', 'YBR_FULL')),
    ...(isColour ? [unsigned(0x00280006, 0)] : []),
    unsigned(0x00280100, stored.bitsAllocated),
    unsigned(0x00280101, stored.bitsStored),
    unsigned(0x00280102, stored.bitsStored - 1),
    unsigned(0x00280103, stored.signed ? 1 : 0),
    textElement(0x00280301, 'CS', 'NO'),
    ...(lossySyntaxes.test(tree.transferSyntax) ? [textElement(0x00282110, 'CS', '01')] : []),
    {
      tag: pixelDataTag,
      vr: stored.bitsAllocated > 8 ? 'OW' : 'OB',
      value: { kind: 'bytes', bytes: pixels },
    },
  ]);
}

/** All frames one after the other, little endian. */
async function maskedFrames(
  bytes: Uint8Array,
  masks: readonly Mask[],
  loadCodec: LoadCodec,
): Promise<{ stored: StoredPixels; pixels: Uint8Array }> {
  try {
    const file = openDicom(bytes);
    const aspect = readPixelAspect(file.dataSet);
    const first = await readStoredPixels(file, 0, loadCodec);
    if (first.bitsAllocated % 8 !== 0)
      throw new AppError('deidentify.unsupported', 'areas of a picture of one bit cannot be covered');
    const frameBytes = (first.samples.length * first.bitsAllocated) / 8;
    if (frameBytes * first.frames > maxOutputBytes)
      throw new AppError('image.too-large', `${first.frames} frames of ${frameBytes} bytes`);
    const pixels = new Uint8Array(frameBytes * first.frames);
    for (let frame = 0; frame < first.frames; frame += 1) {
      const stored = frame === 0 ? first : await readStoredPixels(file, frame, loadCodec);
      paintMasks(stored, masks, aspect);
      pixels.set(littleEndianBytes(stored), frame * frameBytes);
    }
    return { stored: first, pixels };
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    throw new AppError('image.damaged', 'the picture could not be decoded', { cause: thrownAsError(thrown) });
  }
}

/** The platforms that run this are little endian, as typed arrays are there. */
function littleEndianBytes({ samples }: StoredPixels): Uint8Array {
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
}

function unsigned(tag: number, value: number): DataElement {
  return { tag, vr: 'US', value: { kind: 'bytes', bytes: Uint8Array.of(value & 0xff, value >> 8) } };
}
