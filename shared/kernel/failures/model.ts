import type { Failure } from './failure.ts';

export const modelFailures = {
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
  'inference.unavailable-here': {
    status: 501,
    title: 'This hub keeps records and reads no images. The page and the desktop hub do.',
    retry: false,
  },
  'inference.busy': {
    status: 503,
    title: 'Too many images are waiting; please try again soon.',
    retry: true,
  },
} as const satisfies Record<string, Failure>;
