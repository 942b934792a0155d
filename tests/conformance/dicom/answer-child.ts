import { readFile } from 'node:fs/promises';
import { loadCodecFile } from '../../../server/inference/codec-files.ts';
import { nodeSha256 } from '../../../server/inference/open-pipeline.ts';
import { answerDicom } from '../../fixtures/answer-dicom.ts';

/** Answers each path that it is sent; ends with its parent. */

process.on('disconnect', () => process.exit());
process.on('message', (path: string) => {
  void readFile(path)
    .then((file) => answerDicom(file, loadCodecFile, nodeSha256))
    .then(
      (answer) => process.send?.(answer),
      // A file that is not there is nobody's answer.
      () => process.exit(2),
    );
});
