// Areas blacked out in the stored pixels of every frame (PS3.15 E.3.1). What comes out is a derived image, uncompressed,
// that names the picture it was made from (PS3.3 C.7.6.1.1.2, C.12.4).

import type { LoadCodec } from '../codecs/codec-binaries.ts';
import type { DicomTree } from '../data-set/dicom-tree.ts';
import type { DataElement } from '../data-set/element.ts';
import { asciiOf, findElement, sequenceElement, textElement, withElements } from '../data-set/values.ts';
import { readPixelAspect } from '../pixel-aspect.ts';
import type { DeidentifyOptions } from './deidentify-options.ts';
import { nativePicture } from './native-picture.ts';
import { paintMasks } from './paint-masks.ts';
import { derivedUid } from './pseudonyms.ts';

const sopInstanceTag = 0x00080018;
const lossySyntaxes = /^1\.2\.840\.10008\.1\.2\.4\.(5[0-6]|81|91)$/;

/** `header`: the cleaned elements without pixels. The result is little endian. @throws AppError `deidentify.*`, `image.*` */
export async function maskPixels(
  bytes: Uint8Array,
  tree: DicomTree,
  header: readonly DataElement[],
  { masks, hmac }: Pick<DeidentifyOptions, 'masks' | 'hmac'>,
  loadCodec: LoadCodec,
): Promise<readonly DataElement[]> {
  const elements = await nativePicture(bytes, tree, header, loadCodec, (stored, { dataSet }) =>
    paintMasks(stored, masks, readPixelAspect(dataSet)),
  );
  const source = asciiOf(findElement(elements, sopInstanceTag)) ?? '';
  const [, ...imageType] = (asciiOf(findElement(elements, 0x00080008)) ?? '\\SECONDARY').split('\\');
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
    ...(lossySyntaxes.test(tree.transferSyntax) ? [textElement(0x00282110, 'CS', '01')] : []),
  ]);
}
