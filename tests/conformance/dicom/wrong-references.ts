import type { DicomAnswer } from '../../fixtures/answer-dicom.ts';
import type { Expectation } from './expectations.ts';

/** Answers that are right by the standard where the reference is not; the decision record shows it by the paragraph. */
const decisions: readonly { readonly reference: string; readonly ours: string; readonly record: string }[] = [
  {
    reference: '4727d64f164a4a8d0436f6096929583291cd0ae3d8f7efc8ea96d6d51f4d41e8',
    ours: 'bb0a20c386271e836966f81064e1b439a2951b1faa35b48ddbd34e11fb926b6c',
    record: 'shared/decisions/0008-where-a-dicom-reference-is-wrong.md',
  },
  {
    reference: 'db744ef15b51bd3428679316358daf3ac7b26370643e79080059563a106ea63c',
    ours: '48abdc16b5064b61cf5960f7056756fc97f4547186e88b3bbcc1ebc2a66e6ca7',
    record: 'shared/decisions/0008-where-a-dicom-reference-is-wrong.md',
  },
  {
    reference: 'no-pixels',
    ours: '53a1da994838c5cc886c35e68f424359c44a00c640c549ed812d7100dfb6bc78',
    record: 'shared/decisions/0008-where-a-dicom-reference-is-wrong.md',
  },
];

/** The decision that covers this very answer: values with another hash stay a failure. */
export function decisionFor(answer: DicomAnswer, expected: Expectation): string | undefined {
  const reference = expected.sha256 === '' ? expected.expect : expected.sha256;
  return decisions.find((each) => each.reference === reference && each.ours === answer.sha256)?.record;
}
