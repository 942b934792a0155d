// The last look at a file before it may leave: its picture is the one that came in. An element that the decoder understood
// and the cleaning did not would change it in silence.

import { AppError } from '../../kernel/errors.ts';
import type { LoadCodec } from '../codecs/codec-binaries.ts';
import { thrownAsError } from '../codecs/thrown-as-error.ts';
import { type DicomFile, openDicom } from '../dicom-file.ts';
import { type DicomHeader, readDicomHeader } from '../dicom-header.ts';
import { readStoredPixels } from '../dicom-pixels.ts';
import { displayText, textOfDecimals } from '../image-identity.ts';
import type { StoredPixels } from '../stored-pixels.ts';

/**
 * Compares size, frames and everything that decides the display, and without masks the stored values of every frame.
 * @throws AppError `deidentify.picture-changed`; `image.*` where the picture that came in cannot be decoded
 */
export async function checkPicture(
  before: Uint8Array,
  after: Uint8Array,
  isMasked: boolean,
  loadCodec: LoadCodec,
): Promise<void> {
  try {
    await compareFrames(openDicom(before), after, isMasked, loadCodec);
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    throw new AppError('image.damaged', 'the picture could not be decoded', { cause: thrownAsError(thrown) });
  }
}

async function compareFrames(
  original: DicomFile,
  after: Uint8Array,
  isMasked: boolean,
  loadCodec: LoadCodec,
): Promise<void> {
  let output: DicomFile | undefined;
  let frames = 1;
  for (let frame = 0; frame < frames; frame += 1) {
    const stored = await readStoredPixels(original, frame, loadCodec);
    const display = frame === 0 ? displayOf(readDicomHeader(original, stored)) : '';
    output ??= await understood(async () => openDicom(after));
    const written = output;
    await understood(async () => {
      const found = await readStoredPixels(written, frame, loadCodec);
      const same =
        kindOf(found) === kindOf(stored) &&
        (frame > 0 || displayOf(readDicomHeader(written, found)) === display) &&
        (isMasked || haveSameValues(found, stored));
      if (!same) throw new AppError('deidentify.picture-changed', `frame ${frame + 1} of ${stored.frames}`);
    });
    ({ frames } = stored);
    // Masked frames were decoded when they were painted, and one header stands for all.
    if (isMasked) return;
  }
}

/** What the new file's decoder refuses was readable before. */
async function understood<Result>(read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'deidentify.picture-changed') throw thrown;
    const cause = thrownAsError(thrown);
    throw new AppError('deidentify.picture-changed', 'the new file cannot be decoded', { cause });
  }
}

function kindOf({
  rows,
  columns,
  samplesPerPixel,
  frames,
  signed,
  warnings,
  ...stored
}: StoredPixels): string {
  const photometric = stored.photometricInterpretation.replace('YBR_FULL_422', 'YBR_FULL');
  const said = (warnings ?? []).map(({ code }) => code);
  return JSON.stringify([
    rows,
    columns,
    samplesPerPixel,
    frames,
    signed,
    stored.bitsStored,
    photometric,
    said,
  ]);
}

function haveSameValues({ samples: a }: StoredPixels, { samples: b }: StoredPixels): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at += 1) if (!Object.is(a[at], b[at])) return false;
  return true;
}

function displayOf(header: DicomHeader): string {
  return `${displayText(header)} ${textOfDecimals(header.spacing)}`;
}
