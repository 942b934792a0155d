// Media Storage Directory (PS3.3 Annex F, PS3.10 8.6): the list of the pictures on a CD or in a folder, as records that
// point to each other by offset. It gives the order, patient after patient, and says what should be there. The names in it
// are compared with the names of files that were found; no path is ever made from them.

import type { DataSet } from 'dicom-parser';
import { openDicom } from './dicom-file.ts';

const maxRecords = 100_000;

/**
 * The files that are listed, parts separated by `/`, relative to the folder of the list, in the order patient, study, series,
 * instance. A name that leads out of the folder is left in: it will match no file.
 * @throws AppError `image.*` and what dicom-parser throws at a damaged list
 */
export function listedFiles(bytes: Uint8Array): readonly string[] {
  const { dataSet } = openDicom(bytes);
  const items = dataSet.elements['x00041220']?.items ?? [];
  const records = items.slice(0, maxRecords).flatMap((item) =>
    // An item's tag and length, eight bytes, stand before its data; the offsets point to the tag.
    item.dataSet === undefined ? [] : [{ at: item.dataOffset - 8, dataSet: item.dataSet }],
  );
  const byOffset = new Map(records.map((record) => [record.at, record.dataSet]));
  const inOrder: DataSet[] = [];
  const visited = new Set<number>();
  const waiting = [dataSet.uint32('x00041200') ?? 0];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const record = byOffset.get(at);
    if (record === undefined || visited.has(at)) continue;
    visited.add(at);
    inOrder.push(record);
    // The lower level comes before the next of the same one: last in, first out.
    waiting.push(record.uint32('x00041400') ?? 0, record.uint32('x00041420') ?? 0);
  }
  // Offsets that lead nowhere: the rest comes as it stands.
  for (const { at, dataSet: record } of records) if (!visited.has(at)) inOrder.push(record);
  return [...new Set(inOrder.flatMap((record) => fileOf(record) ?? []))];
}

function fileOf(record: DataSet): string | undefined {
  // 0 means that the record is not in use any more.
  if (record.uint16('x00041410') === 0) return undefined;
  if (record.string('x00041430')?.trim() !== 'IMAGE') return undefined;
  const parts = record
    .string('x00041500')
    ?.split('\\')
    .map((part) => part.trim());
  return parts === undefined || parts.length === 0 ? undefined : parts.join('/');
}
