import { expect, it } from 'vitest';
import { AppError } from '../../shared/kernel/errors.ts';
import { deidentified } from '../fixtures/deidentified.ts';
import { fragments, imageFile, sequence, text, words } from '../fixtures/dicom-builder.ts';
import { rampJpeg } from '../fixtures/ramp-jpeg.ts';
import { Dice } from './dice.ts';

// Whatever happens to a file, it is refused with a typed error or comes out without the name that was in it.

const mutationsPerFile = 1500;
const name = 'OKELLOGRACE';

const header = [
  text(0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.1'),
  text(0x00080018, 'UI', '1.2.3.4'),
  text(0x00080020, 'DA', '20240229'),
  text(0x00081030, 'LO', `CHEST ${name}`),
  text(0x00090010, 'LO', name),
  text(0x00100010, 'PN', `${name}^${name}`),
  text(0x00180015, 'CS', 'CHEST'),
  sequence(0x00082218, [
    text(0x00080100, 'SH', 'T-D3000'),
    text(0x00080102, 'SH', 'SRT'),
    text(0x00080104, 'LO', name),
  ]),
  sequence(0x00283010, [words(0x00283002, 'US', 2, 0, 16), words(0x00283006, 'OW', 0, 4095)]),
];
const values = Array.from({ length: 64 }, (_, index) => (index * 61) % 4096);
const files: readonly (readonly [string, Uint8Array])[] = [
  ['explicit', imageFile({ rows: 8, columns: 8, bitsStored: 12, pixels: values, extra: header })],
  [
    'implicit',
    imageFile({
      rows: 8,
      columns: 8,
      bitsStored: 12,
      pixels: values,
      extra: header,
      encoding: 'implicit',
      transferSyntax: '1.2.840.10008.1.2',
    }),
  ],
  [
    'JPEG',
    imageFile({
      rows: 16,
      columns: 16,
      bitsAllocated: 8,
      pixels: fragments(rampJpeg),
      extra: header,
      transferSyntax: '1.2.840.10008.1.2.4.50',
    }),
  ],
];

it.each(files)(
  '%s, damaged at random',
  async (_, file) => {
    const count = { written: 0, refused: 0 };
    for (let seed = 1; seed <= mutationsPerFile; seed += 1) {
      const mutated = mutate(file, seed);
      const options = seed % 3 === 0 ? { longitudinal: true, cleanDescriptors: true } : {};
      const masks = seed % 5 === 0 ? [{ x: 0, y: 0, width: 4, height: 4 }] : [];
      const outcome = await deidentified(mutated, { ...options, masks, burnedInChecked: true }).catch(
        (thrown: unknown) => thrown,
      );
      if (outcome instanceof AppError) {
        expect(outcome.code, `seed ${seed}`).toMatch(/^(image|deidentify)\./);
        count.refused += 1;
      } else if (outcome instanceof Error) {
        throw new Error(`seed ${seed}`, { cause: outcome });
      } else {
        const { bytes } = outcome as Awaited<ReturnType<typeof deidentified>>;
        expect(Buffer.from(bytes).includes(name), `seed ${seed}`).toBe(false);
        count.written += 1;
      }
    }
    expect(count.written).toBeGreaterThan(mutationsPerFile / 10);
    expect(count.refused).toBeGreaterThan(mutationsPerFile / 10);
  },
  60_000,
);

/** One to three bytes of the data set, never one of the name, so that the name is there to be found. */
function mutate(file: Uint8Array, seed: number): Uint8Array {
  const dice = new Dice(seed);
  const mutated = file.slice();
  const whole = Buffer.from(file);
  for (let change = dice.int(0, 2); change >= 0; change -= 1) {
    const at = dice.int(132, file.length - 1);
    const inName = whole.subarray(Math.max(0, at - name.length + 1), at + name.length).includes(name);
    if (inName) continue;
    mutated[at] = dice.chance(0.5) ? dice.int(0, 255) : (mutated[at] ?? 0) ^ (1 << dice.int(0, 7));
  }
  return mutated;
}
