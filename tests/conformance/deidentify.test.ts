import { createHash } from 'node:crypto';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadCodecFile } from '../../server/inference/codec-files.ts';
import { readDicomTree } from '../../shared/imaging/data-set/dicom-tree.ts';
import type { DataElement } from '../../shared/imaging/data-set/element.ts';
import { asciiOf } from '../../shared/imaging/data-set/values.ts';
import { decodeImage } from '../../shared/imaging/decode-image.ts';
import { vrByDictionary } from '../../shared/imaging/header/data-dictionary.ts';
import { imageIdentity } from '../../shared/imaging/image-identity.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import { deidentified } from '../fixtures/deidentified.ts';

// Real files of many makers: each is refused with a typed error, or comes out with the same picture, without any of its
// names, numbers and UIDs, and readable for DCMTK.

const data = join(import.meta.dirname, '../../../shared/data');
const files = existsSync(data)
  ? ['dicom', 'dicom-derived'].flatMap((folder) =>
      readdirSync(join(data, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !/\.(csv|md)$/.test(entry.name))
        .map((entry) => relative(data, join(entry.parentPath, entry.name))),
    )
  : [];
const hasDcmtk = ['dcmdump', 'dcmj2pnm'].every((name) => spawnSync(name, ['--version']).status === 0);
const scratch = mkdtempSync(join(tmpdir(), 'fieldray-deidentify-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** SOP classes, transfer syntax, coding schemes and their contexts. */
const classTags = new Set([
  0x00020002, 0x00020010, 0x00080016, 0x0008001a, 0x00081150, 0x0008010c, 0x00080117, 0x00080118, 0x00081115,
]);

/** Who and what a file names, as it is written in the bytes. */
function namesIn(elements: readonly DataElement[]): string[] {
  return elements.flatMap((element) => {
    const { tag, vr, value } = element;
    if (value.kind === 'items') return value.items.flatMap(namesIn);
    const names = vr === 'PN' || isInstanceUid(tag, vr) || tag === 0x00100020 || tag === 0x00080050;
    if (!names) return [];
    const texts = (asciiOf(element) ?? '').split('\\').map((text) => text.trim());
    return texts.filter((text) => text.length >= 4);
  });
}

/** UIDs name the file, its study or its makers, but for those of Annex A, which name what kind of file it is. */
function isInstanceUid(tag: number, vr: string): boolean {
  return vr === 'UI' && !classTags.has(tag);
}

/** The identity of each frame and the size it is shown in. */
async function pictureOf(bytes: Uint8Array): Promise<readonly string[]> {
  const found: string[] = [];
  for (let frame = 0, frames = 1; frame < frames; frame += 1) {
    const { image, stored, header } = await decodeImage(bytes, loadCodecFile, { frame });
    const identity = await imageIdentity(stored, header, async (part) =>
      createHash('sha256').update(part).digest('hex'),
    );
    found.push(`${image.width} × ${image.height} ${identity}`);
    frames = stored.frames;
  }
  return found;
}

describe.skipIf(files.length === 0)('real DICOM files (skipped without ../shared/data)', () => {
  const count = { written: 0, refused: 0, names: 0 };

  it.each(files)('%s', { timeout: 20_000 }, async (path) => {
    const original = new Uint8Array(readFileSync(join(data, path)));
    const outcome = await deidentified(original, { burnedInChecked: true }).catch(
      (thrown: unknown) => thrown,
    );
    if (outcome instanceof AppError) {
      expect(outcome.code).toMatch(/^(image|deidentify)\./);
      count.refused += 1;
      return;
    }
    if (outcome instanceof Error) throw outcome;
    const { bytes } = outcome as Awaited<ReturnType<typeof deidentified>>;
    const tree = readDicomTree(original, vrByDictionary);
    const names = new Set(namesIn([...tree.meta, ...tree.elements]));
    const left = Buffer.from(bytes).toString('latin1');
    expect([...names].filter((name) => left.includes(name))).toEqual([]);
    expect(await pictureOf(bytes)).toEqual(await pictureOf(original));
    count.written += 1;
    count.names += names.size;
    if (!hasDcmtk) return;
    const output = join(scratch, 'out.dcm');
    writeFileSync(output, bytes);
    execFileSync('dcmdump', ['--quiet', output], { stdio: ['ignore', 'ignore', 'pipe'] });
  });

  it('were looked at', () => {
    process.stdout.write(`${JSON.stringify({ files: files.length, ...count })}\n`);
    expect(count.written).toBeGreaterThan(180);
    expect(count.names).toBeGreaterThan(1000);
    expect(count.refused).toBeLessThan(files.length / 5);
  });

  it.skipIf(!hasDcmtk)(
    'are the same pictures for DCMTK (skipped without dcmj2pnm)',
    { timeout: 60_000 },
    async () => {
      const shown = (bytes: Uint8Array): string => {
        writeFileSync(join(scratch, 'in.dcm'), bytes);
        const { status, stdout } = spawnSync('dcmj2pnm', ['--quiet', join(scratch, 'in.dcm')], {
          maxBuffer: 2 ** 28,
        });
        return status === 0 ? stdout.toString('base64') : 'not read';
      };
      const pictures = [
        'dicom/registration/cxr.dcm',
        ...files.filter((path) => /wg04.(JPLL|RLE)/.test(path)).slice(0, 8),
      ];
      let read = 0;
      for (const path of pictures) {
        const original = new Uint8Array(readFileSync(join(data, path)));
        const before = shown(original);
        if (before === 'not read') continue;
        read += 1;
        const { bytes } = await deidentified(original, { burnedInChecked: true });
        expect(shown(bytes) === before, path).toBe(true);
      }
      expect(read).toBeGreaterThan(2);
    },
  );
});
