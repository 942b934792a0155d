import type { DicomAnswer } from '../../fixtures/answer-dicom.ts';
import type { Expectation } from './expectations.ts';

/** The longest that a file may take at all, and one whose reference gave up. */
export const maxMs = 5000;
const maxUnspecifiedMs = 2000;

/** Why the answer is not what the reference says; undefined when it is. ../shared/conformance/README.md, DICOM. */
export function problemOf(answer: DicomAnswer, expected: Expectation): string | undefined {
  const { outcome, code, ms, note } = answer;
  if (outcome === 'error') return `no typed refusal: ${note}`;
  if (ms > maxMs) return `took ${Math.round(ms)} ms`;
  switch (expected.expect) {
    case 'pixels':
      return outcome === 'pixels' ? pixelProblem(answer, expected) : `${code}: ${note}`;
    case 'no-pixels':
      return outcome === 'no-pixels' ? undefined : `${outcome} ${code} instead of image.no-pixels`;
    case 'refused-or-partial':
      return outcome === 'pixels' && code === '' ? 'silently taken for whole' : undefined;
    case 'unspecified':
      return ms > maxUnspecifiedMs ? `took ${Math.round(ms)} ms` : undefined;
    default:
      return `unknown expectation ${expected.expect}`;
  }
}

function pixelProblem(answer: DicomAnswer, expected: Expectation): string | undefined {
  if (answer.shape !== expected.shape) return `shape ${answer.shape} instead of ${expected.shape}`;
  if (expected.sha256 !== '') {
    if (expected.dtype !== '' && answer.dtype !== expected.dtype)
      return `${answer.dtype} instead of ${expected.dtype}`;
    return answer.sha256 === expected.sha256 ? undefined : `other values (mean ${answer.mean?.toFixed(4)})`;
  }
  if (expected.samples > 1) return undefined;
  const tolerance = 0.01 * 2 ** expected.bitsStored;
  const difference = Math.abs((answer.mean ?? Number.NaN) - expected.mean);
  return difference <= tolerance ? undefined : `mean ${answer.mean?.toFixed(4)} instead of ${expected.mean}`;
}
