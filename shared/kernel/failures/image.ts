import type { Failure } from './failure.ts';

export const imageFailures = {
  'image.empty': { status: 422, title: 'The file is empty.', retry: false },
  'image.unknown-format': {
    status: 415,
    title: 'This file is not an X-ray image: it is neither DICOM nor JPEG nor PNG.',
    retry: false,
  },
  'image.no-pixels': { status: 422, title: 'This DICOM file holds no picture.', retry: false },
  'image.truncated': {
    status: 422,
    title: 'The file ends too early: a part of the picture is missing.',
    retry: false,
  },
  'image.damaged': { status: 422, title: 'The file is damaged and cannot be read.', retry: false },
  'image.unsupported': {
    status: 415,
    title: 'The picture is stored in a way that cannot be read yet.',
    retry: false,
  },
  'image.too-large': { status: 413, title: 'The picture is too large to be read safely.', retry: false },
  'image.no-such-frame': {
    status: 422,
    title: 'This file does not hold as many pictures as that.',
    retry: false,
  },
  'image.unreadable': { status: 422, title: 'The file could not be opened.', retry: true },
  'image.archive': {
    status: 415,
    title: 'This is an archive (ZIP), not a single picture.',
    retry: false,
  },
  'image.archive-damaged': {
    status: 422,
    title: 'The archive is damaged; this part of it cannot be read.',
    retry: false,
  },
  'image.archive-unsupported': {
    status: 415,
    title: 'The archive is packed in a way that cannot be read.',
    retry: false,
  },
  'image.archive-too-large': {
    status: 413,
    title: 'The archive holds more than can be read safely.',
    retry: false,
  },
  'image.archive-empty': { status: 422, title: 'The archive holds no picture.', retry: false },
  'image.encrypted': { status: 415, title: 'This is locked with a password.', retry: false },
  'image.dicomdir': {
    status: 415,
    title: 'This file (DICOMDIR) is a list of pictures and holds none itself.',
    retry: false,
  },
  'image.missing': {
    status: 422,
    title: 'The list of the folder (DICOMDIR) names this picture, but it is not there.',
    retry: false,
  },
  'deidentify.burned-in': {
    status: 422,
    title:
      'There may be writing inside the picture. Cover it, or look at the picture and say that there is none.',
    retry: false,
  },
  'deidentify.unparsable': {
    status: 422,
    title: 'A part of this file could not be understood, so nothing of it is passed on.',
    retry: false,
  },
  'deidentify.unsupported': {
    status: 415,
    title: 'Names can be taken out of single X-ray pictures only, not out of this kind of file.',
    retry: false,
  },
  'deidentify.picture-changed': {
    status: 422,
    title: 'Without its names this file would show another picture, so nothing of it is passed on.',
    retry: false,
  },
  'deidentify.bad-mask': {
    status: 422,
    title: 'An area that should be covered does not lie inside the picture.',
    retry: false,
  },
} as const satisfies Record<string, Failure>;
