import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { nativeRuntime, wasmRuntime } from '../../../server/inference/node-runtimes.ts';
import { describeThrown } from '../../../shared/kernel/errors.ts';
import { answerGradients } from '../../fixtures/answer-gradients.ts';
import { type Answer, answerInChromium } from './answer-in-chromium.ts';
import { caseNames, type GradientCase, readCase } from './case.ts';
import { differenceOf } from './compare.ts';
import { writeNpy } from './npy.ts';

/** `npm run conformance:gradients -- FOLDER [--runtime cpu|wasm|webgpu] [--dump DIR]`: every case of a folder. */

const usage = 'Usage: npm run conformance:gradients -- FOLDER [--runtime cpu|wasm|webgpu] [--dump DIR]';
const runtimes = ['cpu', 'wasm', 'webgpu'] as const;
type Runtime = (typeof runtimes)[number];

/** Where the cases are computed; `close` ends it. */
async function openRuntime(runtime: Runtime): Promise<{ answer: Answer; close: () => Promise<void> }> {
  if (runtime === 'webgpu') return answerInChromium();
  const start = await (runtime === 'cpu' ? nativeRuntime() : wasmRuntime());
  return { answer: (question) => answerGradients(question, start), close: async () => undefined };
}

/** @returns whether every array of the case is as the reference says */
async function runCase(each: GradientCase, answer: Answer, dump: string | undefined): Promise<boolean> {
  const started = performance.now();
  const answers = await answer(each);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (dump !== undefined) {
    mkdirSync(join(dump, each.name), { recursive: true });
    for (const [array, tensor] of answers) writeNpy(join(dump, each.name, `${array}.npy`), tensor);
  }
  const parts = [...each.expected].map(([array, reference]) => {
    const difference = differenceOf(answers.get(array), reference, each.tolerance);
    const found = difference.reason ?? difference.relativeL2.toExponential(1);
    return { passed: difference.passed, text: `${array} ${found}${difference.passed ? '' : ' ✗'}` };
  });
  const passed = parts.length > 0 && parts.every((part) => part.passed);
  console.log(
    `${passed ? 'passed' : 'FAILED'}  ${each.name}  ${parts.map((part) => part.text).join(', ')}  (${seconds} s)`,
  );
  return passed;
}

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { runtime: { type: 'string', default: 'cpu' }, dump: { type: 'string' } },
  });
  const [folder, ...rest] = positionals;
  const runtime = runtimes.find((name) => name === values.runtime);
  if (folder === undefined || rest.length > 0 || runtime === undefined) {
    console.error(usage);
    return 1;
  }
  const names = caseNames(folder);
  const { answer, close } = await openRuntime(runtime);
  let passed = 0;
  for (const name of names) {
    try {
      if (await runCase(readCase(folder, name), answer, values.dump)) passed += 1;
    } catch (thrown) {
      console.log(`FAILED  ${name}  ${describeThrown(thrown)}`);
    }
  }
  await close();
  console.log(`${passed} passed, ${names.length - passed} failed`);
  return names.length > 0 && passed === names.length ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2)).catch((thrown: unknown) => {
  console.error(`${describeThrown(thrown)}\n${usage}`);
  console.log('0 passed, 0 failed');
  return 1;
});
