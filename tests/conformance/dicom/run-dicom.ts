import { createWriteStream, type WriteStream } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { stringify } from 'csv-stringify/sync';
import { describeThrown } from '../../../shared/kernel/errors.ts';
import type { DicomAnswer } from '../../fixtures/answer-dicom.ts';
import { answerInBrowser } from './answer-in-browser.ts';
import { answerInNode, type Answering } from './answer-in-node.ts';
import { readExpectations } from './expectations.ts';
import { maxMs, problemOf } from './judge-answer.ts';
import { decisionFor } from './wrong-references.ts';

/** `npm run conformance:dicom -- FOLDER [--runtime node|browser] [--dump FILE.csv]`: every row of expectations.csv. */

const usage = 'Usage: npm run conformance:dicom -- FOLDER [--runtime node|browser] [--dump FILE.csv]';
const columns = ['path', 'outcome', 'code', 'shape', 'dtype', 'sha256', 'mean', 'ms'];

async function answerOrDeath(reader: Answering, path: string): Promise<DicomAnswer> {
  try {
    return await reader.answer(path, maxMs);
  } catch (thrown) {
    const note = describeThrown(thrown);
    return {
      outcome: 'error',
      code: '',
      shape: '',
      dtype: '',
      sha256: '',
      mean: undefined,
      ms: Number.NaN,
      note,
    };
  }
}

function dumpRow(dump: WriteStream | undefined, path: string, answer: DicomAnswer): void {
  const { outcome, code, shape, dtype, sha256, mean, ms } = answer;
  dump?.write(stringify([[path, outcome, code, shape, dtype, sha256, mean ?? '', ms.toFixed(1)]]));
}

function lineOf(answer: DicomAnswer): string {
  const { outcome, code, shape, dtype, note, ms } = answer;
  const found = outcome === 'pixels' ? `${shape} ${dtype} ${note}` : `${outcome} ${code} (${note})`;
  return `${found}, ${Math.round(ms)} ms`;
}

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { runtime: { type: 'string', default: 'node' }, dump: { type: 'string' } },
  });
  const [folder, ...rest] = positionals;
  const { runtime } = values;
  if (folder === undefined || rest.length > 0 || (runtime !== 'node' && runtime !== 'browser')) {
    console.error(usage);
    return 1;
  }
  const expectations = readExpectations(folder);
  const dump = values.dump === undefined ? undefined : createWriteStream(values.dump);
  dump?.write(stringify([columns]));
  const reader = runtime === 'node' ? answerInNode() : await answerInBrowser();
  let passed = 0;
  for (const expected of expectations) {
    const answer = await answerOrDeath(reader, resolve(folder, expected.path));
    const problem = problemOf(answer, expected);
    const decision = problem === undefined ? undefined : decisionFor(answer, expected);
    if (problem === undefined || decision !== undefined) passed += 1;
    const verdict =
      problem === undefined
        ? 'passed'
        : decision === undefined
          ? `FAILED (${problem})`
          : `passed (the reference is wrong: ${decision}; ${problem})`;
    console.log(`${verdict}  ${expected.path}  ${lineOf(answer)}`);
    dumpRow(dump, expected.path, answer);
  }
  await reader.close();
  if (dump !== undefined) await new Promise((done) => dump.end(done));
  console.log(`${passed} passed, ${expectations.length - passed} failed`);
  return expectations.length > 0 && passed === expectations.length ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2)).catch((thrown: unknown) => {
  console.error(`${describeThrown(thrown)}\n${usage}`);
  console.log('0 passed, 0 failed');
  return 1;
});
