import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { deidentified } from '../../fixtures/deidentified.ts';
import { judgeFile } from './judge-file.ts';

// The run over a folder (`run-deidentify.ts`) on the handbook's files of many makers, where they are.

const data = join(import.meta.dirname, '../../../../shared/data');
const files = existsSync(data)
  ? globSync(`${data}/{dicom,dicom-derived}/**/*`, { withFileTypes: true })
      .filter((entry) => entry.isFile() && !/\.(csv|md)$/.test(entry.name))
      .map((entry) => relative(data, join(entry.parentPath, entry.name)))
      .toSorted()
  : [];
const hasDcmtk = ['dcmdump', 'dcmj2pnm'].every((name) => spawnSync(name, ['--version']).status === 0);
const scratch = mkdtempSync(join(tmpdir(), 'fieldray-deidentify-'));
afterAll(() => rmSync(scratch, { recursive: true }));

function bytesOf(path: string): Uint8Array {
  return new Uint8Array(readFileSync(join(data, path)));
}

describe.skipIf(files.length === 0)('real DICOM files (skipped without ../shared/data)', () => {
  const count = { written: 0, refused: 0, names: 0 };

  it.each(files)('%s', { timeout: 20_000 }, async (path) => {
    const judgement = await judgeFile(bytesOf(path), hasDcmtk ? join(scratch, 'out.dcm') : undefined);
    expect(judgement.problem).toBe('');
    if (judgement.outcome === 'written') count.written += 1;
    else count.refused += 1;
    count.names += judgement.names;
  });

  it('were looked at', () => {
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
      const some = files.filter((path) => /wg04.(JPLL|RLE)/.test(path)).slice(0, 8);
      let read = 0;
      for (const path of ['dicom/registration/cxr.dcm', ...some]) {
        const before = shown(bytesOf(path));
        if (before === 'not read') continue;
        read += 1;
        const { bytes } = await deidentified(bytesOf(path), { burnedInChecked: true });
        expect(shown(bytes) === before, path).toBe(true);
      }
      expect(read).toBeGreaterThan(2);
    },
  );
});
