import { isZip } from './archive/is-zip.ts';
import { detectFormat } from './image-format.ts';
import { isDicomdir } from './is-dicomdir.ts';

/** Enough for every signature, for a DICOM data set without preamble, and for the class of a DICOMDIR. */
export const headBytes = 4096;

const imageExtension = /\.(dcm|dicom|dic|jpe?g|png)$/i;

/** What a file among others is: a picture by its content or at least by its name, a list, an archive, or nothing for us. */
export type FileKind = 'picture' | 'dicomdir' | 'archive' | 'other';

/** @param head its first bytes; undefined where they cannot be read */
export function fileKind(name: string, head: Uint8Array | undefined): FileKind {
  if (head !== undefined) {
    if (isDicomdir(head)) return 'dicomdir';
    if (isZip(head)) return isOtherZip(name) ? 'other' : 'archive';
    if (detectFormat(head) !== undefined) return 'picture';
  }
  return imageExtension.test(name) ? 'picture' : 'other';
}

/** Office documents and program packages are ZIP files, too. */
function isOtherZip(name: string): boolean {
  return /\.(docx|xlsx|pptx|od[tsp]|jar|apk|epub|whl|xpi|pages|numbers|key|npz)$/i.test(name);
}
