import { describe, expect, it } from 'vitest';
import { loadCodecFile } from '../../../server/inference/codec-files.ts';
import { clinicHmac } from '../../../tests/fixtures/clinic-hmac.ts';
import { deidentified, elementsOf } from '../../../tests/fixtures/deidentified.ts';
import {
  bytes,
  type DicomElement,
  dicomFile,
  fragments,
  type GrayOptions,
  imageFile,
  rleFrame,
  sequence,
  text,
  words,
} from '../../../tests/fixtures/dicom-builder.ts';
import { rampJpeg } from '../../../tests/fixtures/ramp-jpeg.ts';
import { asciiOf, findElement } from '../data-set/values.ts';
import { decodeImage } from '../decode-image.ts';
import { openDicom } from '../dicom-file.ts';
import { readStoredPixels } from '../dicom-pixels.ts';

const patient = [
  text(0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.1.1'),
  text(0x00080018, 'UI', '1.2.3.4.1'),
  text(0x00080020, 'DA', '20240229'),
  text(0x00080030, 'TM', '101500'),
  text(0x00080050, 'SH', 'ACC77'),
  text(0x00081030, 'LO', 'CHEST PA for Doctor Smith'),
  text(0x00100010, 'PN', 'OKELLO^GRACE'),
  text(0x00100020, 'LO', '4711'),
  text(0x00100030, 'DA', '20190101'),
  text(0x00180015, 'CS', 'CHEST'),
  text(0x0020000d, 'UI', '1.2.3.4'),
  text(0x0020000e, 'UI', '1.2.3.5'),
];
const values = Array.from({ length: 16 }, (_, index) => 100 * index);

function chest(extra: readonly DicomElement[] = [], options: Partial<GrayOptions> = {}): Uint8Array {
  const replaced = new Set(extra.map(({ tag }) => tag));
  const all = [...patient.filter(({ tag }) => !replaced.has(tag)), ...extra];
  return imageFile({ rows: 4, columns: 4, bitsStored: 12, pixels: values, extra: all, ...options });
}

function code(scheme: string, value: string): DicomElement {
  return sequence(0x00540220, [
    text(0x00080100, 'SH', value),
    text(0x00080102, 'SH', scheme),
    text(0x00080104, 'LO', 'x'),
  ]);
}

function itemsOf(file: Uint8Array, tag: number) {
  const value = findElement(elementsOf(file).elements, tag)?.value;
  return value?.kind === 'items' ? value.items : [];
}

async function storedOf(file: Uint8Array, frame = 0) {
  return readStoredPixels(openDicom(file), frame, loadCodecFile);
}

describe('a de-identified file', () => {
  it('has a pseudonym for name and id, new UIDs, and says what was done', async () => {
    const { bytes: file, pseudonym, burnedIn } = await deidentified(chest());
    const { text: textOf, elements, meta } = elementsOf(file);
    expect(pseudonym).toMatch(/^FR-/);
    expect([textOf(0x00100010), textOf(0x00100020)]).toEqual([pseudonym, pseudonym]);
    expect(textOf(0x00080018)).toMatch(/^2\.25\.\d{36,39}$/);
    expect(textOf(0x00020003)).toBe(textOf(0x00080018));
    expect(textOf(0x0020000d)).not.toBe(textOf(0x0020000e));
    expect(textOf(0x00080050)).toMatch(/^AN-/);
    expect([textOf(0x00080020), textOf(0x00100030), textOf(0x00081030)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect([textOf(0x00120062), textOf(0x00280303)]).toEqual(['YES', 'REMOVED']);
    expect(textOf(0x00180015)).toBe('CHEST');
    expect(burnedIn).toBe('unknown');
    // Study Date is of type 2: it must be there, empty.
    expect(findElement(elements, 0x00080020)?.value).toMatchObject({ bytes: new Uint8Array(0) });
    expect(meta.map(({ tag }) => tag)).toEqual([
      0x20000, 0x20001, 0x20002, 0x20003, 0x20010, 0x20012, 0x20013,
    ]);
    expect(file.subarray(0, 128).every((byte) => byte === 0)).toBe(true);
  });

  it('gives one patient one pseudonym under one key, and another under another', async () => {
    const [first, second, other, elsewhere] = await Promise.all([
      deidentified(chest()),
      deidentified(chest([text(0x00080018, 'UI', '1.2.3.4.2'), text(0x00080020, 'DA', '20240310')])),
      deidentified(chest([text(0x00100020, 'LO', '4712')])),
      deidentified(chest(), { hmac: clinicHmac('another clinic') }),
    ]);
    expect(second.pseudonym).toBe(first.pseudonym);
    expect(second.name).not.toBe(first.name);
    expect(other.pseudonym).not.toBe(first.pseudonym);
    expect(elsewhere.pseudonym).not.toBe(first.pseudonym);
    const uids = [first, second, elsewhere].map(({ bytes: file }) => elementsOf(file).text(0x0020000d));
    expect(uids[1]).toBe(uids[0]);
    expect(uids[2]).not.toBe(uids[0]);
  });

  it.each(['0', '00', 'unknown', 'Anonymous', 'N/A', 'TEST', 'NONE', '-'])(
    'does not take two patients for one because both have the id "%s"',
    async (id) => {
      const [grace, abel, again] = await Promise.all(
        ['OKELLO^GRACE', 'ABEL^TOM', 'OKELLO^GRACE'].map((name, index) =>
          deidentified(
            chest([
              text(0x00100020, 'LO', id),
              text(0x00100010, 'PN', name),
              text(0x0020000d, 'UI', `1.2.${index}`),
            ]),
          ),
        ),
      );
      expect(grace?.pseudonym).not.toBe(abel?.pseudonym);
      expect(grace?.pseudonym).toBe(again?.pseudonym);
    },
  );

  it('gives a patient one pseudonym whether or not a device writes who issued the id', async () => {
    const [with_, without] = await Promise.all([
      deidentified(chest([text(0x00100021, 'LO', 'HOSPITAL')])),
      deidentified(chest()),
    ]);
    expect(with_.pseudonym).toBe(without.pseudonym);
  });

  it('moves the dates of a patient together, over a leap day, and keeps the distance', async () => {
    const days = async (date: string): Promise<number> => {
      const { bytes: file } = await deidentified(chest([text(0x00080020, 'DA', date)]), {
        longitudinal: true,
      });
      const moved = elementsOf(file).text(0x00080020) ?? '';
      const iso = moved.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3');
      expect(elementsOf(file).text(0x00080030)).toBe('101500');
      expect(elementsOf(file).text(0x00280303)).toBe('MODIFIED');
      expect(elementsOf(file).text(0x00100030)).toBeUndefined();
      return Date.parse(iso) / 86_400_000;
    };
    const [before, after] = await Promise.all([days('20240228'), days('20240301')]);
    expect(after - before).toBe(2);
    expect(before).toBeLessThan(Date.parse('2024-02-28') / 86_400_000);
  });

  it('keeps no date that cannot be moved', async () => {
    const { bytes: file } = await deidentified(chest([text(0x00080020, 'DA', '20249999')]), {
      longitudinal: true,
    });
    expect(elementsOf(file).text(0x00080020)).toBeUndefined();
  });

  it('keeps the known words of a description when asked', async () => {
    const { bytes: file } = await deidentified(chest(), { cleanDescriptors: true });
    expect(elementsOf(file).text(0x00081030)).toBe('CHEST PA FOR');
    const named = chest([text(0x00100010, 'PN', 'CHEST^PETER')]);
    expect(elementsOf((await deidentified(named, { cleanDescriptors: true })).bytes).text(0x00081030)).toBe(
      'PA FOR',
    );
  });

  it.each([
    ['SOP Instance UID', 0x00080018],
    ['Study Instance UID', 0x0020000d],
    ['SOP Class UID', 0x00080016],
  ])('lets no birth date hide behind the root of the standard: %s', async (_, tag) => {
    const uid = '1.2.840.10008.19870321.4711';
    const { bytes: file } = await deidentified(chest([text(tag, 'UI', uid)]));
    expect(Buffer.from(file).includes('19870321')).toBe(false);
    expect(elementsOf(file).text(tag)).toMatch(/^2\.25\./);
  });

  it('keeps no well-known UID as the name of a picture', async () => {
    const uid = '1.2.840.10008.5.1.4.1.1.1.1';
    const { bytes: file } = await deidentified(chest([text(0x00080018, 'UI', uid)]));
    expect(elementsOf(file).text(0x00080018)).toMatch(/^2\.25\./);
    expect(elementsOf(file).text(0x00080016)).toBe(uid);
  });

  it.each<[string, DicomElement, string]>([
    ['a date in a count', text(0x00181405, 'IS', '19870321'), '19870321'],
    ['an id in a number of a series', text(0x00200011, 'IS', '198703214711'), '4711'],
    ['an id in a decimal', text(0x00181110, 'DS', '19870321'), '19870321'],
    ['a date over several values', text(0x00080008, 'CS', 'ORIGINAL\\PRIMARY\\198\\703\\21'), '703'],
    ['numbers that belong to terms', text(0x00181250, 'SH', '1 0 1 1 0 0 1 10918 420 97'), '10918'],
    ['letters in words', bytes(0x00280106, 'US', new TextEncoder().encode('O\0K\0E\0L\0')), 'O\0K'],
    ['a short name in numbers', bytes(0x00280106, 'US', new TextEncoder().encode("O'Kell")), 'Kell'],
    ['an id as a code', code('SCT', '198703214711'), '198703214711'],
    ['a name as a unit', code('UCUM', '{okello}'), 'okello'],
    ['offsets of fragments', bytes(0x7fe00001, 'OW', new TextEncoder().encode('OKELLO^G')), 'OKELLO'],
    [
      'a table that is none',
      sequence(0x00283110, [
        words(0x00283002, 'US', 99, 0, 16),
        bytes(0x00283006, 'OW', new TextEncoder().encode('OKELLO')),
      ]),
      'OKELLO',
    ],
  ])('hides nothing in a number: %s', async (_, element, secret) => {
    const file = chest([element]);
    expect(Buffer.from(file).includes(secret)).toBe(true);
    const { bytes: output } = await deidentified(file, { longitudinal: true, cleanDescriptors: true });
    expect(Buffer.from(output).includes(secret)).toBe(false);
  });

  it.each<[string, DicomElement[], number, string]>([
    ['aspect ratio with decimals', [text(0x00280034, 'IS', '2.0\\1.0')], 0x00280034, '2\\1'],
    [
      'window with its unit',
      [text(0x00281050, 'DS', '700 HU'), text(0x00281051, 'DS', '400')],
      0x00281050,
      '700',
    ],
    ['many digits', [text(0x00280030, 'DS', '0.1430000066757202\\0.14')], 0x00280030, '0.1430000067\\0.14'],
  ])('is shown as before although a number is not strictly formed: %s', async (_, elements, tag, kept) => {
    const file = chest(elements);
    const { bytes: output } = await deidentified(file);
    const [before, after] = await Promise.all([
      decodeImage(file, loadCodecFile),
      decodeImage(output, loadCodecFile),
    ]);
    expect(after.image).toEqual(before.image);
    expect(elementsOf(output).text(tag)).toBe(kept);
  });

  it('stays where it is when a number of its display could be an id', async () => {
    const file = chest([text(0x00281050, 'DS', '1987032147'), text(0x00281051, 'DS', '400')]);
    await expect(deidentified(file)).rejects.toMatchObject({ code: 'deidentify.picture-changed' });
  });

  it('keeps references between files together', async () => {
    const reference = sequence(0x00081140, [
      text(0x00081150, 'UI', '1.2.840.10008.5.1.4.1.1.1.1'),
      text(0x00081155, 'UI', '1.2.3.4.9'),
    ]);
    const [from, to] = await Promise.all([
      deidentified(chest([reference])),
      deidentified(chest([text(0x00080018, 'UI', '1.2.3.4.9')])),
    ]);
    const sequenceValue = findElement(elementsOf(from.bytes).elements, 0x00081140)?.value;
    const item = sequenceValue?.kind === 'items' ? sequenceValue.items[0] : undefined;
    expect(asciiOf(findElement(item ?? [], 0x00081155))).toBe(elementsOf(to.bytes).text(0x00080018));
    expect(elementsOf(from.bytes).elements.length).toBeGreaterThan(10);
  });
});

describe('the pixels of a de-identified file', () => {
  it.each<[string, Partial<GrayOptions>]>([
    ['explicit', {}],
    ['implicit', { encoding: 'implicit', transferSyntax: '1.2.840.10008.1.2' }],
    ['big-endian', { encoding: 'big-endian', transferSyntax: '1.2.840.10008.1.2.2' }],
    ['deflated', { deflated: true, transferSyntax: '1.2.840.10008.1.2.1.99' }],
    ['signed', { signed: true, bitsStored: 12, pixels: values.map((value) => value - 800) }],
    ['8 bits', { bitsAllocated: 8, bitsStored: 8, pixels: values.map((value) => value / 10) }],
    ['without meta information', { meta: false, preamble: false }],
    [
      'RLE',
      {
        transferSyntax: '1.2.840.10008.1.2.5',
        pixels: fragments(
          rleFrame([
            [15, ...values.map((value) => value >> 8)],
            [15, ...values.map((value) => value & 0xff)],
          ]),
        ),
      },
    ],
  ])('are the same: %s', async (_, options) => {
    const file = chest([], options);
    const { bytes: output } = await deidentified(file);
    expect((await storedOf(output)).samples).toEqual((await storedOf(file)).samples);
  });

  it('hide no overlay in bits that are not used, and nothing behind the last frame', async () => {
    const hidden = values.map((value, index) => value + (index % 2) * 0xf000);
    const { bytes: output } = await deidentified(chest([], { pixels: [...hidden, 0x4141, 0x4242] }));
    const pixels = findElement(elementsOf(output).elements, 0x7fe00010)?.value;
    expect(pixels?.kind === 'bytes' && [...new Uint16Array(pixels.bytes.slice().buffer)]).toEqual(values);
  });

  it.each<[string, number[], string]>([
    [
      'in words of RLE',
      values.map((value, index) => (value >> 8) | (index % 2 === 0 ? 0x50 : 0)),
      '1.2.840.10008.1.2.1',
    ],
    [
      'and leave the words alone where there is nothing',
      values.map((value) => value >> 8),
      '1.2.840.10008.1.2.5',
    ],
  ])('hide nothing beside the stored bits %s', async (_, high, syntax) => {
    const file = chest([], {
      transferSyntax: '1.2.840.10008.1.2.5',
      pixels: fragments(
        rleFrame([
          [15, ...high],
          [15, ...values.map((value) => value & 0xff)],
        ]),
      ),
    });
    const { bytes: output } = await deidentified(file);
    expect([...(await storedOf(output)).samples]).toEqual(values);
    expect(elementsOf(output).text(0x00020010)).toBe(syntax);
    const pixels = findElement(elementsOf(output).elements, 0x7fe00010)?.value;
    if (pixels?.kind === 'bytes') expect([...new Uint16Array(pixels.bytes.slice().buffer)]).toEqual(values);
  });

  it('are refused where there are fewer than the frames need', async () => {
    const file = chest([text(0x00280008, 'IS', '5')]);
    await expect(deidentified(file)).rejects.toMatchObject({ code: 'deidentify.unparsable' });
  });

  it.each<[string, number[][]]>([
    [
      'a segment too many',
      [
        [15, ...values.map((value) => value >> 8)],
        [15, ...values.map((value) => value & 0xff)],
        [3, 79, 75, 69, 76],
      ],
    ],
    [
      'a segment too long',
      [
        [15, ...values.map((value) => value >> 8)],
        [19, ...values.map((value) => value & 0xff), 79, 75, 69, 76],
      ],
    ],
  ])('are refused with %s', async (_, segments) => {
    const file = chest([], { transferSyntax: '1.2.840.10008.1.2.5', pixels: fragments(rleFrame(segments)) });
    await expect(deidentified(file)).rejects.toMatchObject({ code: 'deidentify.unparsable' });
  });

  it('keep no text in the offset table of their frames', async () => {
    const frame = rleFrame([
      [15, ...values.map((value) => value >> 8)],
      [15, ...values.map((value) => value & 0xff)],
    ]);
    const file = chest([text(0x00280008, 'IS', '2')], {
      transferSyntax: '1.2.840.10008.1.2.5',
      pixels: {
        tag: 0x7fe00010,
        vr: 'OB',
        value: { kind: 'fragments', fragments: [new TextEncoder().encode('OKELLO47'), frame, frame] },
      },
    });
    // Whether the decoder believes the table or not, nothing of it leaves.
    const outcome = await deidentified(file).catch((thrown: unknown) => thrown);
    if (outcome instanceof Error)
      expect(outcome).toMatchObject({ code: expect.stringMatching(/^(image|deidentify)/) });
    else expect(Buffer.from((outcome as { bytes: Uint8Array }).bytes).includes('OKELLO47')).toBe(false);
  });

  it('are refused when masked in a frame that is not whole: nothing would say so any more', async () => {
    const file = imageFile({
      rows: 20,
      columns: 20,
      bitsAllocated: 8,
      extra: [...patient, text(0x00280008, 'IS', '2')],
      transferSyntax: '1.2.840.10008.1.2.4.50',
      pixels: fragments(rampJpeg, rampJpeg),
    });
    expect((await storedOf(file)).warnings).toHaveLength(1);
    const masks = [{ x: 0, y: 0, width: 2, height: 2 }];
    await expect(deidentified(file, { masks })).rejects.toMatchObject({ code: 'deidentify.unsupported' });
    expect((await storedOf((await deidentified(file)).bytes)).warnings).toHaveLength(1);
  });

  it('of a big-endian file keep no number whose byte order nobody knows', async () => {
    const file = chest([sequence(0x00082218, [words(0x00280010, 'US', 0x1234)])], {
      encoding: 'big-endian',
      transferSyntax: '1.2.840.10008.1.2.2',
    });
    const { bytes: output } = await deidentified(file);
    const [item = []] = itemsOf(output, 0x00082218);
    expect(findElement(item, 0x00280010)).toBeUndefined();
  });

  it('repeat the sign in the bits above a signed value', async () => {
    const stored = [-5, 5, -2048, 2047];
    const file = chest([], {
      rows: 2,
      columns: 2,
      signed: true,
      pixels: stored.map((value) => value & 0x0fff),
    });
    const pixels = findElement(elementsOf((await deidentified(file)).bytes).elements, 0x7fe00010)?.value;
    expect(pixels?.kind === 'bytes' && [...new Int16Array(pixels.bytes.slice().buffer)]).toEqual(stored);
  });
});

describe('writing in the picture', () => {
  const burned = chest([text(0x00280301, 'CS', 'YES')]);

  it('stops a file that says so, and one where it is usual', async () => {
    const refusal = { code: 'deidentify.burned-in' };
    await expect(deidentified(burned)).rejects.toMatchObject(refusal);
    const ultrasound = dicomFile([
      text(0x00080060, 'CS', 'US'),
      words(0x00280010, 'US', 1),
      words(0x00280011, 'US', 1),
      words(0x00280100, 'US', 8),
      bytes(0x7fe00010, 'OB', new Uint8Array(2)),
    ]);
    await expect(deidentified(ultrasound)).rejects.toMatchObject(refusal);
    expect((await deidentified(burned, { burnedInChecked: true })).burnedIn).toBe('checked');
  });

  it.each<[string, string, number]>([
    ['MONOCHROME2', '1.2.840.10008.1.2.1', 0],
    ['MONOCHROME1', '1.2.840.10008.1.2.1', 1500],
  ])('is blacked out in a derived image that names its source (%s)', async (photometric, _, black) => {
    const file = chest([text(0x00280008, 'IS', '2')], { photometric, pixels: [...values, ...values] });
    const options = { masks: [{ x: 1, y: 1, width: 2, height: 9 }], burnedInChecked: true };
    const [masked, plain] = await Promise.all([deidentified(file, options), deidentified(file)]);
    for (const frame of [0, 1]) {
      const { samples } = await storedOf(masked.bytes, frame);
      const expected = values.map((value, index) =>
        index >= 4 && (index % 4 === 1 || index % 4 === 2) ? black : value,
      );
      expect([...samples]).toEqual(expected);
    }
    const { text: textOf, elements } = elementsOf(masked.bytes);
    const source = findElement(elements, 0x00082112)?.value;
    const [item = []] = source?.kind === 'items' ? source.items : [];
    expect(textOf(0x00080008)).toMatch(/^DERIVED\\/);
    expect(textOf(0x00280301)).toBe('NO');
    expect(asciiOf(findElement(item, 0x00081155))).toBe(elementsOf(plain.bytes).text(0x00080018));
    expect(textOf(0x00080018)).not.toBe(elementsOf(plain.bytes).text(0x00080018));
    expect(masked.name).not.toBe(plain.name);
  });

  it.each(['Yes', 'yes', 'Y', 'YES\\YES', 'NO\\YES', 'NEIN', '?'])(
    'stops a file that says "%s"',
    async (stated) => {
      await expect(deidentified(chest([text(0x00280301, 'CS', stated)]))).rejects.toMatchObject({
        code: 'deidentify.burned-in',
      });
    },
  );

  it('does not stop a file that says no, in small letters or with zeros behind', async () => {
    for (const stated of ['no', ' NO ', 'NO\0'])
      expect((await deidentified(chest([text(0x00280301, 'CS', stated)]))).burnedIn).toBe('none');
  });

  it('stops an ultrasound picture whatever its letters', async () => {
    await expect(deidentified(chest([text(0x00080060, 'CS', 'us')]))).rejects.toMatchObject({
      code: 'deidentify.burned-in',
    });
  });

  it('is not said to be gone because an area was painted and nobody looked', async () => {
    const masks = [{ x: 0, y: 0, width: 1, height: 1 }];
    const painted = await deidentified(burned, { masks });
    expect(painted.burnedIn).toBe('unknown');
    expect(elementsOf(painted.bytes).text(0x00280301)).toBe('YES');
    const looked = await deidentified(burned, { masks, burnedInChecked: true });
    expect(elementsOf(looked.bytes).text(0x00280301)).toBe('NO');
  });

  it.each<[string, readonly number[]]>([
    ['1\\2', [2, 0, 3, 4]],
    ['2\\1', [1, 0, 2, 8]],
  ])(
    'is covered where it was seen: pixels of shape %s',
    async (aspect, [x = 0, y = 0, width = 0, height = 0]) => {
      const masks = [{ x, y, width, height }];
      const extra = [text(0x00280034, 'IS', aspect)];
      const { bytes: output } = await deidentified(chest(extra), { masks });
      const { samples } = await storedOf(output);
      const expected = values.map((value, index) => (index % 4 === 1 || index % 4 === 2 ? 0 : value));
      expect([...samples]).toEqual(expected);
      // The lower right corner of what is shown is no place outside.
      const corner =
        aspect === '1\\2' ? { x: 7, y: 3, width: 1, height: 1 } : { x: 3, y: 7, width: 1, height: 1 };
      const { samples: last } = await storedOf((await deidentified(chest(extra), { masks: [corner] })).bytes);
      expect([...last]).toEqual(values.map((value, index) => (index === 15 ? 0 : value)));
    },
  );

  it('is not taken for covered by an area outside the picture', async () => {
    const masks = [{ x: 4, y: 0, width: 2, height: 2 }];
    await expect(deidentified(burned, { masks })).rejects.toMatchObject({ code: 'deidentify.bad-mask' });
  });

  it('is blacked out of a big-endian file as well', async () => {
    const file = chest([], { encoding: 'big-endian', transferSyntax: '1.2.840.10008.1.2.2' });
    const { bytes: output } = await deidentified(file, { masks: [{ x: 0, y: 0, width: 4, height: 1 }] });
    expect([...(await storedOf(output)).samples]).toEqual(
      values.map((value, index) => (index < 4 ? 0 : value)),
    );
  });
});

describe('what is not understood', () => {
  it.each<[string, Uint8Array, string]>([
    ['a report', dicomFile(patient), 'deidentify.unsupported'],
    ['a file that ends early', chest().subarray(0, 400), 'deidentify.unparsable'],
    ['a VR that does not exist', chest([text(0x00081040, 'XX', 'SECRET')]), 'deidentify.unparsable'],
    [
      'compressed pixels of no known kind',
      chest([], {
        transferSyntax: '1.2.840.10008.1.2.4.50',
        pixels: fragments(new TextEncoder().encode('SECRET')),
      }),
      'deidentify.unparsable',
    ],
    [
      'video',
      chest([], { transferSyntax: '1.2.840.10008.1.2.4.102', pixels: fragments(new Uint8Array(8)) }),
      'deidentify.unsupported',
    ],
  ])('is refused: %s', async (_, file, code) => {
    await expect(deidentified(file)).rejects.toMatchObject({ code });
  });
});

it('leaves the header alone when an administrator has decided to keep it', async () => {
  const { bytes: output, pseudonym, name } = await deidentified(chest(), { policy: 'keep' });
  expect(elementsOf(output).text(0x00100010)).toBe('OKELLO^GRACE');
  expect(pseudonym).toBeUndefined();
  expect(name).not.toContain('OKELLO');
});
