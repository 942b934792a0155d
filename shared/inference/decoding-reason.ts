import type { IntakeReason } from '../imaging/intake-reasons.ts';
import { AppError, describeThrown, errorEntry, type ErrorCode } from '../kernel/errors.ts';

const exportAgain = 'Export the picture again from where it was taken, as DICOM, JPEG or PNG.';
const packAgain = 'Unpack the archive and choose the folder, or pack it again as an ordinary ZIP file.';

const adviceFor: Partial<Readonly<Record<ErrorCode, string>>> = {
  'image.unreadable': 'Check that the file is there and that you may open it.',
  'image.archive': 'Unpack the archive, and choose a single picture or the folder.',
  'image.archive-damaged': 'Copy or pack the archive again; what could be read of it was read.',
  'image.archive-unsupported': packAgain,
  'image.archive-too-large': 'Unpack the archive, and read the folder in parts.',
  'image.archive-empty': 'Choose an archive with X-rays as DICOM, JPEG or PNG.',
  'image.encrypted': 'Unpack the archive with its password, and choose the folder.',
  'image.dicomdir': 'Choose the folder that this file lies in; its pictures are beside it.',
  'image.missing': 'Copy the whole CD or folder again.',
};

/** The next step, where it is another one than exporting the picture again. */
export function fileAdvice(code: ErrorCode): string | undefined {
  return adviceFor[code];
}

/** What the person is told when a file could not be opened or decoded. */
export function decodingReason(cause: unknown): IntakeReason {
  const code = cause instanceof AppError && cause.code.startsWith('image.') ? cause.code : 'image.damaged';
  return {
    code,
    severity: 'refused',
    message: errorEntry(code).title,
    advice: fileAdvice(code) ?? exportAgain,
    detail: describeThrown(cause),
  };
}
