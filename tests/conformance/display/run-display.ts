import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { stringify } from 'csv-stringify/sync';
import { loadCodecFile } from '../../../server/inference/codec-files.ts';
import { openDicom } from '../../../shared/imaging/dicom-file.ts';
import { nativeSyntaxes } from '../../../shared/imaging/transfer-syntaxes.ts';
import type { DicomHeader } from '../../../shared/imaging/dicom-header.ts';
import type { StoredPixels } from '../../../shared/imaging/stored-pixels.ts';
import { readStoredPixels } from '../../../shared/imaging/dicom-pixels.ts';
import { decodeImage } from '../../../shared/imaging/decode-image.ts';
import { describeThrown } from '../../../shared/kernel/errors.ts';
import { compareLevels } from './compare-levels.ts';
import { renderByDcmtk, unreadByDcmtk } from './dcmtk-rendering.ts';

/**
 * `npm run conformance:display -- FOLDER [--dump FILE.csv]`: every grey DICOM file as we show it and as
 * DCMTK shows it. A file that DCMTK cannot read or show is named and not counted.
 */

const usage = 'Usage: npm run conformance:display -- FOLDER [--dump FILE.csv]';

interface Row {
  readonly path: string;
  readonly outcome: 'passed' | 'failed' | 'not compared';
  readonly voi: string;
  readonly within: string;
  readonly largest: string;
  readonly note: string;
}

async function compareFile(folder: string, path: string): Promise<Row | undefined> {
  const bytes = new Uint8Array(readFileSync(path));
  const name = relative(folder, path);
  const empty = { path: name, voi: '', within: '', largest: '' };
  const decoded = await decodeImage(bytes, loadCodecFile).catch(describeThrown);
  // What is refused is the matter of conformance:dicom.
  if (typeof decoded === 'string' || decoded.header === undefined) return undefined;
  const { header, image, stored } = decoded;
  if (!stored.photometricInterpretation.startsWith('MONOCHROME')) return undefined;
  const voi = header.voiLut;
  const shown = { ...empty, voi: voi === undefined ? 'range' : voi.kind === 'window' ? voi.function : 'LUT' };
  if (unreadByDcmtk.test(header.transferSyntax)) {
    return { ...shown, outcome: 'not compared', note: `DCMTK does not read ${header.transferSyntax}` };
  }
  const explained = knownDifference(header, stored);
  if (explained !== undefined) return { ...shown, outcome: 'not compared', note: explained };
  const reference = await renderByDcmtk(path, header.transferSyntax, voi?.kind ?? 'range');
  if (typeof reference === 'string') return { ...shown, outcome: 'not compared', note: reference };
  const isPadding = await paddingOf(bytes, header.padding);
  const difference = compareLevels(image, reference, isPadding);
  return {
    ...shown,
    outcome: difference.passed ? 'passed' : 'failed',
    within: difference.within.toFixed(5),
    largest: difference.largest.toFixed(0),
    note: difference.note,
  };
}

/** Where DCMTK and the standard part (`shared/decisions/0010-display-as-the-standard-says.md`). */
function knownDifference(header: DicomHeader, stored: StoredPixels): string | undefined {
  if (header.voiLut === undefined && header.padding !== undefined) return 'DCMTK counts padding in the range';
  const wordwise = stored.bitsAllocated === 32 && header.transferSyntax === nativeSyntaxes.explicitBigEndian;
  return wordwise ? 'DCMTK reads 32-bit big-endian values as two 16-bit words' : undefined;
}

async function paddingOf(
  bytes: Uint8Array,
  range: readonly [number, number] | undefined,
): Promise<(index: number) => boolean> {
  if (range === undefined) return () => false;
  const { samples } = await readStoredPixels(openDicom(bytes), 0, loadCodecFile);
  return (index) => samples[index]! >= range[0] && samples[index]! <= range[1];
}

function lineOf({ path, outcome, voi, within, largest, note }: Row): string {
  const numbers = within === '' ? '' : `  ${voi}, within one level ${within}, largest ${largest}`;
  return `${outcome === 'failed' ? 'FAILED' : outcome}  ${path}${numbers}${note === '' ? '' : `  ${note}`}`;
}

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
  const rows: Row[] = [];
  const files = globSync(`${folder}/**/*`, { withFileTypes: true }).filter((entry) => entry.isFile());
  for (const path of files.map((entry) => `${entry.parentPath}/${entry.name}`).toSorted()) {
    const row = await compareFile(folder, path);
    if (row === undefined) continue;
    rows.push(row);
    console.log(lineOf(row));
  }
  if (values.dump !== undefined) writeFileSync(values.dump, stringify(rows, { header: true }));
  const count = (outcome: Row['outcome']): number => rows.filter((row) => row.outcome === outcome).length;
  if (count('not compared') > 0) console.log(`${count('not compared')} not compared`);
  console.log(`${count('passed')} passed, ${count('failed')} failed`);
  return count('passed') > 0 && count('failed') === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
