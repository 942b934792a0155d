/** The closed catalogue of failures. A code is `area.reason`; `title` is a plain sentence for the person at the keyboard. */
const catalogue = {
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
  'model.missing': { status: 503, title: 'A model file is missing.', retry: false },
  'model.bad-manifest': {
    status: 503,
    title: 'A model does not describe itself correctly and was not used.',
    retry: false,
  },
  'model.hash-mismatch': {
    status: 503,
    title: 'A model file has been altered or damaged and was not used.',
    retry: false,
  },
  'model.load-failed': { status: 503, title: 'A model could not be started here.', retry: false },
  'model.run-failed': { status: 500, title: 'A model stopped while it was computing.', retry: true },
  'model.bad-output': {
    status: 500,
    title: 'A model gave an answer that cannot be right, so no result is shown.',
    retry: true,
  },
  'model.check-failed': {
    status: 503,
    title: 'This device did not compute the reference values of a model correctly, so no result is shown.',
    retry: false,
  },
  'onnx.damaged': {
    status: 422,
    title: 'This is not an ONNX network, or the file is damaged or cut off.',
    retry: false,
  },
  'onnx.cyclic': {
    status: 422,
    title: 'The network is not one: a part of it needs its own result.',
    retry: false,
  },
  'onnx.external-data': {
    status: 422,
    title: 'The weights of this network lie in another file; save it with its weights inside.',
    retry: false,
  },
  'onnx.unsupported': {
    status: 422,
    title: 'This network uses something that cannot be explained here.',
    retry: false,
  },
  'onnx.quantised': {
    status: 422,
    title:
      'This network computes with rounded numbers, which have no gradient; use the one it was made from.',
    retry: false,
  },
  'onnx.no-rule': {
    status: 422,
    title: 'There is no gradient rule for an operator of this network.',
    retry: false,
  },
  'onnx.bad-request': {
    status: 422,
    title: 'The explanation asked for does not exist in this network.',
    retry: false,
  },
  'inference.worker-died': {
    status: 503,
    title: 'The program that reads the images stopped; please try this image again.',
    retry: true,
  },
  'inference.timeout': {
    status: 503,
    title: 'Reading this image took too long and was stopped.',
    retry: true,
  },
  'inference.busy': {
    status: 503,
    title: 'Too many images are waiting; please try again soon.',
    retry: true,
  },
  'request.invalid': { status: 400, title: 'The request is not in the expected form.', retry: false },
  'request.too-large': { status: 413, title: 'The file is larger than this hub accepts.', retry: false },
  'request.not-found': { status: 404, title: 'There is nothing at this address.', retry: false },
  'request.forbidden-host': {
    status: 403,
    title: 'This hub answers only to programs on the same machine.',
    retry: false,
  },
  'request.cross-site': {
    status: 403,
    title: 'The request came from another web site and was not answered.',
    retry: false,
  },
  'usage.invalid': { status: 400, title: 'The command was not understood.', retry: false },
  'usage.file-problem': {
    status: 400,
    title: 'A file or folder named in the command cannot be used.',
    retry: false,
  },
  'usage.would-overwrite': {
    status: 400,
    title: 'The command would write over a file that must stay, so nothing was read.',
    retry: false,
  },
  'usage.interrupted': { status: 400, title: 'Stopped before all images were read.', retry: true },
  'usage.nothing-to-read': { status: 400, title: 'There is nothing to read here.', retry: false },
  'usage.name-collision': {
    status: 400,
    title: 'Two images would be written to the same output file.',
    retry: false,
  },
  'device.gpu-lost': {
    status: 503,
    title: 'The graphics processor of this device stopped while it was computing.',
    retry: true,
  },
  'device.unsupported': {
    status: 501,
    title: 'This browser lacks something that Fieldray needs.',
    retry: false,
  },
  'network.unreachable': { status: 503, title: 'The hub does not answer.', retry: true },
  'page.outdated': {
    status: 409,
    title: 'This page is older than the hub that it came from.',
    retry: false,
  },
  'storage.full': { status: 507, title: 'This device has no room left to keep it.', retry: true },
  'storage.unavailable': {
    status: 503,
    title: 'This browser does not let Fieldray keep anything on the device.',
    retry: true,
  },
  'server.internal': { status: 500, title: 'Something went wrong inside Fieldray.', retry: true },
} as const satisfies Record<string, { status: number; title: string; retry: boolean }>;

export type ErrorCode = keyof typeof catalogue;

export interface ErrorEntry {
  readonly status: number;
  readonly title: string;
  readonly retry: boolean;
}

export function errorEntry(code: ErrorCode): ErrorEntry {
  return catalogue[code];
}

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(catalogue, code);
}

/** The one error class. `message` is for the log and support; the person sees the catalogue's title. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; details?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** Anything thrown, as a sentence: libraries here throw strings, numbers and plain objects too. */
export function describeThrown(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  if (typeof thrown === 'object' && thrown !== null && 'exception' in thrown) return String(thrown.exception);
  return String(thrown);
}
