// The Basic Application Level Confidentiality Profile of PS3.15 Annex E on one DICOM file. What is not understood stops the
// file: nothing is passed on unread.

import { AppError } from '../../kernel/errors.ts';
import type { LoadCodec } from '../codecs/codec-binaries.ts';
import { nativeSyntaxes } from '../transfer-syntaxes.ts';
import { type DataElement, type Encoding, pixelDataTag } from '../data-set/element.ts';
import { type DicomTree, readDicomTree } from '../data-set/dicom-tree.ts';
import { findElement, latin1, textElement, withElements } from '../data-set/values.ts';
import { writeDicom } from '../data-set/write-dicom.ts';
import { vrByDictionary } from '../header/data-dictionary.ts';
import { burnedInElements, checkBurnedIn } from './burned-in.ts';
import { checkPicture } from './check-picture.ts';
import { cleanElements } from './clean-elements.ts';
import { cleanPixelData } from './clean-pixel-data.ts';
import type { Deidentified, DeidentifyOptions } from './deidentify-options.ts';
import { hasHiddenBits } from './hidden-bits.ts';
import { nameWords } from './known-words.ts';
import { maskPixels } from './mask-pixels.ts';
import { methodElements } from './method-elements.ts';
import { nativePicture } from './native-picture.ts';
import { derivedCode, pictureCode, type Pseudonyms, readPseudonyms } from './pseudonyms.ts';

const explicitLittle = { explicit: true, bigEndian: false };

/** (0028,1221) to (0028,1223): a radiograph has none, and what hides between their segments is not looked for. */
const segmentedPalette = 0x0028122;
/** Enhanced General Equipment (PS3.3 C.7.5.2) belongs to the multi-frame classes with functional groups. */
const functionalGroupTags: ReadonlySet<number> = new Set([0x52009229, 0x52009230]);

/** @throws AppError `deidentify.*`, `image.*` */
export async function deidentifyDicom(
  bytes: Uint8Array,
  options: DeidentifyOptions,
  loadCodec: LoadCodec,
): Promise<Deidentified> {
  const tree = readDicomTree(bytes, vrByDictionary);
  refuseOthers(tree);
  const keep = options.policy === 'keep';
  const burnedIn = keep ? 'unknown' : checkBurnedIn(tree.elements, options);
  const pseudonyms = await readPseudonyms(tree.elements, options.hmac);
  const header = keep
    ? tree.elements.filter(({ tag }) => tag >>> 16 !== pixelDataTag >>> 16)
    : withElements(cleanHeader(tree, pseudonyms, options), [
        // Also where the file had none: it is how the picture is called from now on.
        textElement(0x00100010, 'PN', pseudonyms.patient),
        textElement(0x00100020, 'LO', pseudonyms.patient),
        ...methodElements(options),
        ...burnedInElements(tree.elements, burnedIn),
      ]);
  const written = await writeTree(bytes, tree, header, options, loadCodec);
  await checkPicture(bytes, written, options.masks.length > 0, loadCodec);
  return {
    bytes: written,
    name: `${keep ? 'FR' : pseudonyms.patient}_${await fileCode(tree, pseudonyms, bytes, options)}.dcm`,
    mediaType: 'application/dicom',
    pseudonym: keep ? undefined : pseudonyms.patient,
    burnedIn,
  };
}

/** Files without a SOP Instance UID are told apart by their content; what was masked is another picture. */
async function fileCode(
  { elements }: DicomTree,
  { picture }: Pseudonyms,
  bytes: Uint8Array,
  { hmac, masks }: DeidentifyOptions,
): Promise<string> {
  const hasUid = findElement(elements, 0x00080018) !== undefined;
  const code = hasUid ? picture : (await pictureCode(bytes, hmac)).slice(3);
  return masks.length === 0 ? code : derivedCode(code, JSON.stringify(masks), hmac);
}

function refuseOthers({ problem, elements }: DicomTree): void {
  if (problem !== undefined) throw new AppError('deidentify.unparsable', problem.message, { cause: problem });
  const pixels = findElement(elements, pixelDataTag)?.value;
  const isEmpty = pixels === undefined || (pixels.kind === 'bytes' && pixels.bytes.length === 0);
  if (isEmpty)
    throw new AppError('deidentify.unsupported', 'a report, a document or an index: there are no pixels');
  if (elements.some(({ tag }) => tag >>> 4 === segmentedPalette))
    throw new AppError('deidentify.unsupported', 'a palette in segments');
}

function cleanHeader(tree: DicomTree, pseudonyms: Pseudonyms, options: DeidentifyOptions): DataElement[] {
  const name = findElement(tree.elements, 0x00100010)?.value;
  return cleanElements(
    tree.elements.filter(({ tag }) => tag !== pixelDataTag),
    {
      ...options,
      pseudonyms,
      encoding: tree.encoding,
      enhanced: tree.elements.some(({ tag }) => functionalGroupTags.has(tag)),
      nameWords: nameWords(name?.kind === 'bytes' ? latin1(name.bytes) : ''),
    },
  );
}

async function writeTree(
  bytes: Uint8Array,
  tree: DicomTree,
  header: readonly DataElement[],
  options: DeidentifyOptions,
  loadCodec: LoadCodec,
): Promise<Uint8Array<ArrayBuffer>> {
  if (options.masks.length > 0) {
    const masked = await maskPixels(bytes, tree, header, options, loadCodec);
    return writeDicom(masked, explicitLittle, nativeSyntaxes.explicitLittleEndian);
  }
  const pixels = cleanPixelData(tree.elements, tree.encoding, tree.transferSyntax);
  if (pixels.value.kind === 'fragments' && (await hasHiddenBits(bytes, tree, loadCodec))) {
    const native = await nativePicture(bytes, tree, header, loadCodec);
    return writeDicom(native, explicitLittle, nativeSyntaxes.explicitLittleEndian);
  }
  if (pixels.value.kind === 'fragments')
    return writeDicom([...header, pixels], explicitLittle, tree.transferSyntax);
  // The stated syntax of a data set without compressed pixels is whatever its bytes look like.
  return writeDicom([...header, pixels], tree.encoding, nativeSyntax(tree.encoding));
}

function nativeSyntax({ explicit, bigEndian }: Encoding): string {
  if (bigEndian) return nativeSyntaxes.explicitBigEndian;
  return explicit ? nativeSyntaxes.explicitLittleEndian : nativeSyntaxes.implicitLittleEndian;
}
