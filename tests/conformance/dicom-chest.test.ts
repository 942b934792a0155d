// Reference answers by other people's programs (../shared/conformance/README.md): stored values by pydicom and DCMTK,
// pixels of JPEG and PNG files by Pillow. The files lie outside the repository.

import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadCodecFile } from '../../server/inference/codec-files.ts';
import { decodeImage } from '../../shared/imaging/decode-image.ts';
import { openDicom } from '../../shared/imaging/dicom-file.ts';
import { readStoredPixels } from '../../shared/imaging/dicom-pixels.ts';

const data = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
const present = existsSync(data);

type Row = Readonly<Record<string, string>>;

function rowsOf(folder: string): readonly Row[] {
  if (!present) return [];
  const [header = '', ...lines] = readFileSync(`${data}${folder}/expectations.csv`, 'utf8')
    .trim()
    .split(/\r?\n/);
  const names = header.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries([
      ['file', `${folder}/${cells[0]}`],
      ...names.map((name, index) => [name, cells[index] ?? '']),
    ]);
  });
}

const rows = ['dicom', 'dicom-derived'].flatMap(rowsOf);
const chests = rows.filter((row) => row['chest'] === 'yes' && row['expect'] === 'pixels');
const broken = rows.filter((row) => row['expect'] === 'refused-or-partial');

function read(path: string): Uint8Array {
  return readFileSync(`${data}${path}`);
}

function sha256(bytes: ArrayBufferView): string {
  return createHash('sha256')
    .update(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    .digest('hex');
}

function toBytes(pixels: Float32Array): Uint8Array {
  const bytes = new Uint8Array(pixels.length);
  for (let index = 0; index < pixels.length; index += 1)
    bytes[index] = Math.round((pixels[index] ?? 0) * 255);
  return bytes;
}

describe.skipIf(!present)('files of ../shared/data (skipped where that folder is absent)', () => {
  it('are all there', () => {
    expect(chests).toHaveLength(15);
    expect(broken).toHaveLength(4);
  });

  it.each(chests)('chest $file', async (row) => {
    const path = row['file'] ?? '';
    const {
      samples,
      rows: height,
      columns,
      bitsStored,
    } = await readStoredPixels(openDicom(read(path)), 0, loadCodecFile);
    expect(`${height}x${columns}`).toBe(row['shape']);
    if (row['sha256'] !== '') return expect(sha256(samples)).toBe(row['sha256']);
    let sum = 0;
    for (const value of samples) sum += value;
    // Decoders of lossy streams differ by rounding; the README allows the mean 1 % of the range.
    expect(Math.abs(sum / samples.length - Number(row['mean']))).toBeLessThan(0.01 * 2 ** bitsStored);
  });

  it.each(broken)('broken $file', async (row) => {
    await expect(decodeImage(read(row['file'] ?? ''), loadCodecFile)).rejects.toMatchObject({
      name: 'AppError',
    });
  });

  it.each([
    [
      'samples/paediatric/NORMAL/IM-0045-0001.jpeg',
      '2ced210448272ce24695dd94e3f108886ff89e4c57e7a43d9faee977977c9408',
    ],
    [
      'cxr/paediatric224/NORMAL/IM-0115-0001.jpg',
      '4154669c1af3b8966dc92687da89e34b61c9725f68420224d15649587cc5b596',
    ],
    [
      'samples/adult/NORMAL/00001543_004.png',
      '86003cf6b0ae78a92990a40d77a7a652de3dc0c6bd300901de2ae48891dbeeef',
    ],
  ])('equals Pillow: %s', async (path, expected) => {
    const { image } = await decodeImage(read(path), loadCodecFile);
    expect(sha256(toBytes(image.pixels))).toBe(expected);
  });

  it('samples are all pictures with contrast', async () => {
    const samples = globSync('samples/*/*/*.{jpeg,png}', { cwd: data });
    expect(samples).toHaveLength(22);
    for (const path of samples) {
      const { image } = await decodeImage(read(path), loadCodecFile);
      expect(image.pixels).toHaveLength(image.width * image.height);
      const bright =
        image.pixels.reduce((count, value) => count + (value > 0.5 ? 1 : 0), 0) / image.pixels.length;
      expect(bright, path).toBeGreaterThan(0.05);
      expect(bright, path).toBeLessThan(0.95);
    }
  });
});
