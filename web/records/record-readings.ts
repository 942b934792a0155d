import { recordedImage, recordedResult } from '../../shared/api/recorded-reading.ts';
import type { ImageOrigin } from '../../shared/imaging/header/image-origin.ts';
import { imageOrigin } from '../../shared/imaging/header/image-origin.ts';
import type { Said } from '../../shared/log/chain.ts';
import type { BlobRef, DeviceStore } from '../../shared/log/device-store.ts';
import { isImageShown, isResultShown } from '../../shared/log/fold/image-state.ts';
import type { LogCrypto } from '../../shared/log/log-crypto.ts';
import type { KeptFiles } from '../data/kept-files.ts';
import type { ListedImages } from './reading-list.ts';
import type { LocalReading, LocalReadings } from '../data/local-readings.ts';

export interface RecordingParts {
  readonly store: Pick<DeviceStore, 'row'>;
  readonly readings: LocalReadings;
  readonly files: KeptFiles;
  readonly crypto: Pick<LogCrypto, 'sha256'>;
  /** Onto this device's chain. @throws AppError as `append` of `shared/log/device-log.ts` */
  readonly append: (said: readonly Said[], blobs: readonly BlobRef[]) => Promise<unknown>;
}

/**
 * Says of each picture that was read here, and has no record yet, what is known of it. Ended in between, it is done again and says
 * nothing twice. One at a time: not in two windows at once. @throws AppError as `append`
 */
export async function recordReadings(
  parts: RecordingParts,
  isOpen: (local: LocalReading) => boolean = isToBeRecorded,
): Promise<void> {
  const { readings } = parts;
  const open = (await readings.all()).filter(isOpen);
  for (const local of open.toSorted((a, b) => a.reading.addedAt - b.reading.addedAt)) {
    const { id } = local.reading;
    const { analysis } = (await readings.outcome(id)) ?? {};
    if (analysis === undefined) continue;
    const image = recordedImage(analysis, local.by, await originOf(local, parts));
    if (image === undefined) continue;
    const result = recordedResult(analysis, local.by, parts.crypto);
    const said = [
      ...((await hasImage(parts, image.entity, local.file)) ? [] : [image]),
      ...(result === undefined || (await hasResult(parts, result.entity)) ? [] : [result]),
    ];
    if (said.length > 0) await parts.append(said, said.includes(image) ? [local.file] : []);
    await readings.update(id, (held) => ({ ...held, recorded: true }));
  }
}

export function isToBeRecorded({ identity, recorded, reading }: LocalReading): boolean {
  return identity !== undefined && recorded !== true && reading.state === 'read';
}

/** The log was damaged and made anew, and nobody else had this: the reading itself is still here. */
export function isMissing({ identity, reading }: LocalReading, { images }: ListedImages): boolean {
  return identity !== undefined && reading.state === 'read' && !images.has(identity);
}

/** A header that cannot be read says nothing; the picture could be. */
async function originOf({ file }: LocalReading, { files }: RecordingParts): Promise<ImageOrigin> {
  const bytes = await files.source(file).bytes(0, file.bytes);
  try {
    return imageOrigin(bytes, (text, label) => new TextDecoder(label).decode(text));
  } catch {
    return {};
  }
}

/** One that was taken away is brought back by being opened again. */
async function hasImage({ store }: RecordingParts, identity: string, file: BlobRef): Promise<boolean> {
  const row = await store.row('images', identity);
  if (row === undefined || !isImageShown(row.clear)) return false;
  return Object.values(row.clear.added).some(({ sha256 }) => sha256 === file.sha256);
}

async function hasResult({ store }: RecordingParts, key: string): Promise<boolean> {
  const row = await store.row('results', key);
  return row !== undefined && isResultShown(row.clear) && Object.keys(row.clear.added).length > 0;
}
