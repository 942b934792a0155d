import { AppError, describeThrown, type ErrorCode, errorEntry } from '../../shared/kernel/errors.ts';
import { fileAdvice } from '../../shared/inference/decoding-reason.ts';
import type { ProblemText } from './engine-state.ts';

const reload = 'Load the page again while there is a network.';
const makeRoom =
  'Delete results that are no longer needed, or free some space on this device, then try again.';

/** The next step, where the code alone tells it. */
const advice: Partial<Record<ErrorCode, string>> = {
  'device.unsupported':
    'Open this page in a current Chrome, Edge, Firefox or Safari, at an address that begins with https:// or with http://127.0.0.1.',
  'device.gpu-lost': 'Try this picture again; Fieldray computes on the processor now.',
  'image.unreadable': 'Check that the file is still there and that you may open it, then choose it again.',
  'inference.timeout': 'Close other programs, then try this picture again.',
  'inference.worker-died':
    'Close other programs to free memory, then try this picture again. If it happens with this picture only, export it again.',
  'model.hash-mismatch':
    'Try again with a better connection. If it happens again, tell whoever runs the hub.',
  'model.check-failed': 'Do not use this device for readings; send the text from “This device” to support.',
  'model.bad-manifest': reload,
  'model.missing': reload,
  'model.bad-output': 'Try this picture again. If it happens again, do not use this device for readings.',
  'model.run-failed': 'Try this picture again.',
  'network.unreachable': 'Check the connection to the hub, then try again.',
  'page.outdated': reload,
  'storage.full': makeRoom,
  'storage.reserve':
    'The last room is kept for the work on those that are here. Sync, so that nothing is only on this device. Then free some space on the disk of this device, or delete X-rays that you have elsewhere, and choose the files again.',
  'storage.unavailable':
    'Leave the private window, or allow this site to store data, then load the page again. Until then results are lost when it is closed.',
  'vault.passkey-refused': 'Try it again, or use your password.',
  'sync.grant-expired': 'Let this device meet the hub once: lock it, then sign in while the hub is in reach.',
  'request.not-found': 'It may have been deleted. Let this device meet the hub, then look again.',
  'server.internal': 'Load the page again and try once more.',
};

/** Anything thrown, as what a person is told. */
export function problemText(thrown: unknown): ProblemText {
  const code = thrown instanceof AppError ? thrown.code : 'server.internal';
  const next = advice[code] ?? fileAdvice(code);
  return {
    code,
    title: errorEntry(code).title,
    ...(next !== undefined && { advice: next }),
    detail: describeThrown(thrown),
  };
}
