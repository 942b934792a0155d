// A DICOM file with meta information of its own (PS3.10 7.1). The preamble is zero: it can hold a program (CVE-2019-11687).

import type { DataElement, Encoding } from './element.ts';
import { asciiOf, findElement, textElement } from './values.ts';
import { joinBytes, writeElements } from './write-elements.ts';

/** Ours: 2.25 and a UUID as a decimal number (PS3.5 B.2). */
const implementationClassUid = '2.25.223478165402857329061178453021967835421';
const implementationVersion = 'FIELDRAY_1';
const metaEncoding: Encoding = { explicit: true, bigEndian: false };

/** SOP class and instance of the meta information are those of the data set. */
export function writeDicom(
  elements: readonly DataElement[],
  encoding: Encoding,
  transferSyntax: string,
): Uint8Array<ArrayBuffer> {
  const uid = (tag: number, from: number): DataElement =>
    textElement(tag, 'UI', asciiOf(findElement(elements, from)) ?? '');
  const meta = writeElements(
    [
      { tag: 0x00020001, vr: 'OB', value: { kind: 'bytes', bytes: Uint8Array.of(0, 1) } },
      uid(0x00020002, 0x00080016),
      uid(0x00020003, 0x00080018),
      textElement(0x00020010, 'UI', transferSyntax),
      textElement(0x00020012, 'UI', implementationClassUid),
      textElement(0x00020013, 'SH', implementationVersion),
    ],
    metaEncoding,
  );
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, meta.length, true);
  const groupLength: DataElement = { tag: 0x00020000, vr: 'UL', value: { kind: 'bytes', bytes: length } };
  const prefix = new Uint8Array(132);
  prefix.set([0x44, 0x49, 0x43, 0x4d], 128);
  return joinBytes([
    prefix,
    writeElements([groupLength], metaEncoding),
    meta,
    writeElements(elements, encoding),
  ]);
}
