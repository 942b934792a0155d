import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { stringify } from 'csv-stringify/sync';
import { detectFormat } from '../../../shared/imaging/image-format.ts';
import { judgeFile } from './judge-file.ts';

/**
 * `npm run conformance:deidentify -- FOLDER [--dump FILE.csv]`: every DICOM file of a folder comes out with the same picture, without any
 * of its names, numbers and UIDs, and readable for DCMTK, or is refused with a typed error. At least one has to come out.
 */

const usage = 'Usage: npm run conformance:deidentify -- FOLDER [--dump FILE.csv]';

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { dump: { type: 'string' } },
  });
  const [folder, ...rest] = positionals;
  if (folder === undefined || rest.length > 0 || !existsSync(folder)) {
    console.error(usage);
    console.log('0 passed, 0 failed');
    return 1;
  }
  const scratch = mkdtempSync(join(tmpdir(), 'fieldray-deidentify-'));
  const hasDcmtk = spawnSync('dcmdump', ['--version']).status === 0;
  if (!hasDcmtk) console.log('DCMTK is not installed: its reading of the results is not asked for');
  const rows = [];
  const files = globSync(`${folder}/**/*`, { withFileTypes: true }).filter((entry) => entry.isFile());
  for (const path of files.map((entry) => join(entry.parentPath, entry.name)).toSorted()) {
    const original = new Uint8Array(readFileSync(path));
    if (detectFormat(original) !== 'dicom') continue;
    const judgement = await judgeFile(original, hasDcmtk ? join(scratch, 'out.dcm') : undefined);
    rows.push({ path: relative(folder, path), ...judgement });
    const { outcome, code, names, problem } = judgement;
    const what = outcome === 'written' ? `written, ${names} names looked for` : `${outcome} ${code}`;
    console.log(
      `${problem === '' ? 'passed' : 'FAILED'}  ${relative(folder, path)}  ${what}  ${problem}`.trimEnd(),
    );
  }
  rmSync(scratch, { recursive: true });
  if (values.dump !== undefined) writeFileSync(values.dump, stringify(rows, { header: true }));
  const written = rows.filter(({ outcome }) => outcome === 'written').length;
  const failed = rows.filter(({ problem }) => problem !== '').length;
  console.log(`${written} written, ${rows.length - written} refused`);
  console.log(`${rows.length - failed} passed, ${failed} failed`);
  return written > 0 && failed === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
