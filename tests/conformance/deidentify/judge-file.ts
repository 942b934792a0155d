import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { loadCodecFile } from '../../../server/inference/codec-files.ts';
import { readDicomTree } from '../../../shared/imaging/data-set/dicom-tree.ts';
import type { DataElement } from '../../../shared/imaging/data-set/element.ts';
import { asciiOf } from '../../../shared/imaging/data-set/values.ts';
import { decodeImage } from '../../../shared/imaging/decode-image.ts';
import { vrByDictionary } from '../../../shared/imaging/header/data-dictionary.ts';
import { imageIdentity } from '../../../shared/imaging/image-identity.ts';
import { AppError, describeThrown } from '../../../shared/kernel/errors.ts';
import { deidentified } from '../../fixtures/deidentified.ts';

/** What became of one real file. */
export interface Judgement {
  readonly outcome: 'written' | 'refused' | 'error';
  readonly code: string;
  /** How many names, numbers and UIDs of the original were looked for in the bytes of the result. */
  readonly names: number;
  readonly problem: string;
}

/** SOP classes, transfer syntax, coding schemes and their contexts: they name what kind of file it is, not whose. */
const classTags = new Set([
  0x00020002, 0x00020010, 0x00080016, 0x0008001a, 0x00081150, 0x0008010c, 0x00080117, 0x00080118, 0x00081115,
]);

/** Who and what a file names, as it is written in the bytes: people, patient's id, accession number, UIDs of instances. */
function namesIn(elements: readonly DataElement[]): string[] {
  return elements.flatMap((element) => {
    const { tag, vr, value } = element;
    if (value.kind === 'items') return value.items.flatMap(namesIn);
    const isInstanceUid = vr === 'UI' && !classTags.has(tag);
    if (vr !== 'PN' && !isInstanceUid && tag !== 0x00100020 && tag !== 0x00080050) return [];
    const texts = (asciiOf(element) ?? '').split('\\').map((text) => text.trim());
    return texts.filter((text) => text.length >= 4);
  });
}

/** The identity of each frame, and the size it is shown in. */
async function pictureOf(bytes: Uint8Array): Promise<string> {
  const found: string[] = [];
  for (let frame = 0, frames = 1; frame < frames; frame += 1) {
    const { image, stored, header } = await decodeImage(bytes, loadCodecFile, { frame });
    const identity = await imageIdentity(stored, header, async (part) =>
      createHash('sha256').update(part).digest('hex'),
    );
    found.push(`${image.width} × ${image.height} ${identity}`);
    frames = stored.frames;
  }
  return found.join('\n');
}

/** @param dumpPath where the result is written for DCMTK's `dcmdump`; undefined where DCMTK is absent */
export async function judgeFile(original: Uint8Array, dumpPath: string | undefined): Promise<Judgement> {
  const nothing = { names: 0, problem: '' };
  let bytes: Uint8Array;
  try {
    ({ bytes } = await deidentified(original, { burnedInChecked: true }));
  } catch (thrown) {
    const isTyped = thrown instanceof AppError && /^(image|deidentify)\./.test(thrown.code);
    if (isTyped) return { ...nothing, outcome: 'refused', code: thrown.code };
    return { ...nothing, outcome: 'error', code: '', problem: describeThrown(thrown) };
  }
  const tree = readDicomTree(original, vrByDictionary);
  const names = new Set(namesIn([...tree.meta, ...tree.elements]));
  const left = Buffer.from(bytes).toString('latin1');
  const found = [...names].filter((name) => left.includes(name));
  const judgement = { outcome: 'written', code: '', names: names.size } as const;
  if (found.length > 0) return { ...judgement, problem: `still there: ${found.join(', ')}` };
  if ((await pictureOf(bytes)) !== (await pictureOf(original)))
    return { ...judgement, problem: 'another picture than before' };
  return { ...judgement, problem: dumpPath === undefined ? '' : await dumped(bytes, dumpPath) };
}

async function dumped(bytes: Uint8Array, path: string): Promise<string> {
  await writeFile(path, bytes);
  try {
    await promisify(execFile)('dcmdump', ['--quiet', path], { maxBuffer: 2 ** 28 });
    return '';
  } catch (thrown) {
    return `dcmdump cannot read it: ${describeThrown(thrown)}`;
  }
}
