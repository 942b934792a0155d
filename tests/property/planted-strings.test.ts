import { describe, expect, it } from 'vitest';
import { loadCodecFile } from '../../server/inference/codec-files.ts';
import { decodeImage } from '../../shared/imaging/decode-image.ts';
import { dictionaryEntry } from '../../shared/imaging/header/data-dictionary.ts';
import { dictionaryEntries } from '../../shared/imaging/header/dictionary-entries.ts';
import { seededRandom } from '../../shared/kernel/seeded-random.ts';
import { deidentified } from '../fixtures/deidentified.ts';
import {
  bytes,
  type DicomElement,
  type Encoding,
  type FileOptions,
  fragments,
  imageFile,
  join,
  sequence,
  text,
  words,
} from '../fixtures/dicom-builder.ts';
import { rampJpeg } from '../fixtures/ramp-jpeg.ts';

// 200 strings in one file, each in a place of its own, in every encoding; after de-identification none is left anywhere in
// the bytes.

const perFile = 200;
const textVrs = new Set('AE CS LO LT PN SH ST UC UT DA DT TM DS IS AS UI UR'.split(' '));
const binaryVrs = new Set('OB OW OF UN US SS UL SL FL FD AT'.split(' '));
/** Without them there is no picture. */
const ofPicture = new Set([0x00280002, 0x00280004, 0x00280008, 0x00280010, 0x00280011]);

/** A table that is none stops the file. */
const tablesShown = new Set([0x00283000, 0x00283010]);
/** A long number in their place stops the file. */
const numbersShown = new Set([
  0x00181114, 0x00181164, 0x00182010, 0x00280030, 0x00280034, 0x00281050, 0x00281051, 0x00281052, 0x00281053,
]);

const tags: readonly number[] = dictionaryEntries
  .trim()
  .split('\n')
  .flatMap((line) => {
    const [group = '', ...elements] = line.split(' ');
    return elements.map((element) => Number.parseInt(group + element.slice(0, 4), 16));
  })
  .filter((tag) => tag > 0x0008_0010 && tag !== 0x7fe0_0010 && (tag & 0xffff) !== 0 && !ofPicture.has(tag))
  .filter((tag) => tag >>> 4 !== 0x0028010 && !tablesShown.has(tag) && tag >>> 4 !== 0x0028122)
  // Pixels as fractions of numbers are another kind of picture.
  .filter((tag) => tag !== 0x7fe0_0008 && tag !== 0x7fe0_0009);

const syntaxOf: Readonly<Record<Encoding, string>> = {
  implicit: '1.2.840.10008.1.2',
  explicit: '1.2.840.10008.1.2.1',
  'big-endian': '1.2.840.10008.1.2.2',
};

interface Planted {
  readonly file: Uint8Array;
  readonly strings: readonly string[];
}

function plant(seed: number, encoding: Encoding, deflated: boolean): Planted {
  const random = seededRandom(seed);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)]!;
  const strings: string[] = [];
  const fresh = (): string => {
    const letters = Array.from({ length: 5 }, () => String.fromCharCode(65 + Math.floor(random() * 26)));
    strings.push(`Q${letters.join('')}${strings.length}`.padEnd(10, 'Z'));
    return strings.at(-1)!;
  };
  const raw = (): Uint8Array => new TextEncoder().encode(fresh().padEnd(16, '~'));
  /** A date of birth with a digit in front, and a name of five letters. */
  const digits = (): string => {
    strings.push(String(100_000_000 + Math.floor(random() * 900_000_000)));
    return strings.at(-1)!;
  };
  const short = (): Uint8Array => {
    const letters = Array.from({ length: 4 }, () => String.fromCharCode(65 + Math.floor(random() * 26)));
    strings.push(`Q${letters.join('')}`);
    return new TextEncoder().encode(strings.at(-1)!.padEnd(8, '\0'));
  };
  const valueIn = (tag: number, vr: string): DicomElement | undefined => {
    if (/^(IS|DS)$/.test(vr) && !numbersShown.has(tag)) return text(tag, vr, digits());
    if (/^(LO|SH|CS|AS)$/.test(vr) && random() < 0.3) return text(tag, vr, digits());
    if (textVrs.has(vr))
      return text(tag, vr, pick([fresh, () => `${fresh()}^${fresh()}`, () => `CHEST\\${fresh()}`])());
    if (binaryVrs.has(vr)) return bytes(tag, vr, pick([raw, short])());
    return undefined;
  };
  const elements = new Map<number, DicomElement>();
  const level = (depth: number): DicomElement[] => {
    const found = new Map<number, DicomElement>();
    for (let count = 0; count < 6; count += 1) {
      const tag = pick(tags);
      if (found.has(tag) || (depth === 0 && elements.has(tag))) continue;
      const vr = dictionaryEntry(tag)!.vr;
      const element = vr === 'SQ' && depth < 3 ? sequence(tag, level(depth + 1)) : valueIn(tag, vr);
      if (element !== undefined) found.set(tag, element);
    }
    return [...found.values()];
  };
  while (strings.length < perFile) {
    for (const element of level(0)) elements.set(element.tag, element);
  }
  const odd: readonly DicomElement[] = [
    text(0x00100010, 'PN', `${fresh()}^${fresh()}=${fresh()}`),
    text(0x00100020, 'LO', fresh()),
    text(0x00090010, 'LO', fresh()),
    bytes(0x00091001, 'UN', raw()),
    sequence(0x00091002, [text(0x00100010, 'PN', fresh())]),
    // The dictionary does not know it.
    text(0x00081fff, 'LO', fresh()),
    // Another VR than the dictionary's, and none at all.
    text(0x00281052, 'LO', fresh()),
    bytes(0x00081030, 'UN', raw()),
    sequence(0x00182218, [
      text(0x00080100, 'SH', fresh()),
      text(0x00080102, 'SH', 'DCM'),
      text(0x00080104, 'LO', fresh()),
    ]),
    sequence(0x00082218, [
      text(0x00080100, 'SH', 'T-D3000'),
      text(0x00080102, 'SH', 'SRT'),
      text(0x00080104, 'LO', fresh()),
    ]),
    bytes(0x60003000, 'OW', raw()),
    text(0x60000022, 'LO', fresh()),
    text(0x60021500, 'LO', fresh()),
    bytes(0x50003000, 'OW', raw()),
    bytes(0xfffcfffc, 'OB', raw()),
    sequence(0x00880200, [bytes(0x7fe00010, 'OW', raw())]),
    // A look-up table of four entries with something behind them.
    sequence(0x00283010, [
      words(0x00283002, 'US', 4, 0, 16),
      bytes(0x00283006, 'OW', join([new Uint8Array(8), raw()])),
    ]),
  ];
  for (const element of odd) elements.set(element.tag, element);
  const pixels = bytes(0x7fe00010, 'OW', join([new Uint8Array(2 * 64), raw()]));
  const built = (transferSyntax: string, options: FileOptions): Uint8Array =>
    imageFile({
      rows: 8,
      columns: 8,
      bitsStored: 12,
      pixels,
      extra: [...elements.values()],
      encoding,
      transferSyntax,
      ...options,
    });
  const plain = built(syntaxOf[encoding], {});
  const file = deflated ? built('1.2.840.10008.1.2.1.99', { deflated: true }) : plain;
  const preamble = raw();
  plain.set(preamble, 20);
  file.set(preamble, 20);
  // A tag that was drawn twice has room for one value.
  return { file, strings: found(plain, strings) };
}

/** A binary look for each string, in any of the ways in which a value could have been turned. */
function found(output: Uint8Array, strings: readonly string[]): string[] {
  const haystack = Buffer.from(output).toString('latin1').toUpperCase();
  const swapped = Buffer.from(output.subarray(0, output.length & ~1))
    .swap16()
    .toString('latin1')
    .toUpperCase();
  return strings.filter((string) => haystack.includes(string) || swapped.includes(string));
}

describe.each<[Encoding, boolean]>([
  ['implicit', false],
  ['explicit', false],
  ['big-endian', false],
  ['explicit', true],
])('200 strings planted in a file, %s, deflated %s', (encoding, deflated) => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('are all gone (seed %i)', async (seed) => {
    const { file, strings } = plant(seed, encoding, deflated);
    expect(strings.length).toBeGreaterThanOrEqual(perFile);
    for (const options of [{}, { longitudinal: true, cleanDescriptors: true }]) {
      const { bytes: output } = await deidentified(file, { ...options, burnedInChecked: true });
      expect(found(output, strings)).toEqual([]);
    }
  });
});

it('finds nothing behind the markers of a compressed frame', async () => {
  const strings = ['COMMENTED', 'APPLIED', 'BEHINDEND'];
  const segment = (marker: number, content: string): Uint8Array =>
    join([Uint8Array.of(0xff, marker, 0, content.length + 2), new TextEncoder().encode(content)]);
  const stream = join([
    rampJpeg.subarray(0, 2),
    segment(0xfe, strings[0]!),
    segment(0xe5, strings[1]!),
    rampJpeg.subarray(2),
    new TextEncoder().encode(strings[2]),
  ]);
  const file = imageFile({
    rows: 16,
    columns: 16,
    bitsAllocated: 8,
    transferSyntax: '1.2.840.10008.1.2.4.50',
    pixels: fragments(stream),
  });
  expect(found(file, strings)).toEqual(strings);
  const { bytes: output } = await deidentified(file);
  expect(found(output, strings)).toEqual([]);
});

it('finds nothing between and behind the segments of an RLE frame', async () => {
  const strings = ['UNUSEDHEADER', 'BETWEENTHEM', 'BEHINDEND'];
  const text = (string: string): Uint8Array => new TextEncoder().encode(string);
  // One segment that repeats its byte 16 times, then what nobody unpacks.
  const header = new Uint8Array(64);
  const view = new DataView(header.buffer);
  view.setUint32(0, 2, true);
  view.setUint32(4, 64, true);
  const first = join([Uint8Array.of(0xf1, 3), text(strings[1]!)]);
  view.setUint32(8, 64 + first.length, true);
  header.set(text(strings[0]!), 20);
  const frame = join([header, first, Uint8Array.of(0xf1, 7), text(strings[2]!)]);
  const file = imageFile({
    rows: 4,
    columns: 4,
    transferSyntax: '1.2.840.10008.1.2.5',
    pixels: fragments(frame),
  });
  expect(found(file, strings)).toEqual(strings);
  const { bytes: output } = await deidentified(file);
  expect(found(output, strings)).toEqual([]);
  expect((await decodeImage(output, loadCodecFile)).image).toEqual(
    (await decodeImage(file, loadCodecFile)).image,
  );
});
