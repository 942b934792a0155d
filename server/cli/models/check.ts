import { readFile } from 'node:fs/promises';
import { seededRandom } from '../../../shared/kernel/seeded-random.ts';
import { AppError, describeThrown, errorEntry } from '../../../shared/kernel/errors.ts';
import { checkGradient } from '../../../shared/model/gradient-check.ts';
import { openGradient } from '../../../shared/model/gradient-session.ts';
import {
  compileGradient,
  type CompiledGradient,
  type GradientRequest,
} from '../../../shared/onnx/compile-gradient.ts';
import { operatorUses, type OperatorUse, parameterCount } from '../../../shared/onnx/inspect-model.ts';
import { type OnnxGraph, sizeOf } from '../../../shared/onnx/graph.ts';
import { nodesNeededFor } from '../../../shared/onnx/order-nodes.ts';
import { readModel } from '../../../shared/onnx/read-model.ts';
import { nativeRuntime } from '../../inference/node-runtimes.ts';
import { exitStatus } from '../exit-status.ts';
import { fileProblem } from '../file-problem.ts';
import { printable } from '../result-lines.ts';
import type { Terminal } from '../terminal.ts';
import { type CheckOptions, parseCheckOptions } from './check-options.ts';

export { checkUsage } from './check-options.ts';

const kinds = [
  { name: 'Grad-CAM, HiResCAM, LayerCAM', wantLayer: true, wantInput: false },
  { name: 'Integrated gradients, SmoothGrad', wantLayer: false, wantInput: true },
] as const;

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
const shape = (dims: readonly number[]): string => dims.join('×');

export async function checkCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  const options = parseCheckOptions(args);
  const bytes = await readFile(options.path).catch((cause: unknown) => {
    throw fileProblem(options.path, cause);
  });
  const model = new Uint8Array(bytes);
  const graph = readModel(model);
  const outputs = options.output === undefined ? outputsOfPicture(graph) : [options.output];
  terminal.out(`${printable(options.path)}\n`);
  terminal.out(
    `  ${parameterCount(graph).toLocaleString('en')} parameters, ${megabytes(model.length)}, opset ${graph.opset}, ${graph.nodes.length} nodes\n`,
  );
  for (const line of operatorLines(operatorUses(graph))) terminal.out(`  ${line}\n`);
  let possible = true;
  for (const output of outputs) {
    terminal.out(`\n  Explanations of ${printable(output)}\n`);
    for (const kind of kinds) {
      const { lines, isPossible } = await tryKind(model, output, kind, options);
      for (const line of lines) terminal.out(`    ${printable(line)}\n`);
      possible &&= isPossible;
    }
  }
  return possible ? exitStatus.ok : exitStatus.someRefused;
}

/** What depends on the picture; a network may also hand out its weights. */
function outputsOfPicture(graph: OnnxGraph): string[] {
  const inputs = new Set(graph.inputs.map(({ name }) => name));
  return graph.outputs.filter((output) =>
    nodesNeededFor(graph.nodes, [output]).some((node) => node.inputs.some((name) => inputs.has(name))),
  );
}

/** Operators in a line, and below it those that stand in the way. */
function operatorLines(uses: readonly OperatorUse[]): string[] {
  const all = uses.map(({ operator, count }) => `${operator} ${count}`).join(', ');
  const named = (coverage: OperatorUse['coverage']): string =>
    uses
      .filter((use) => use.coverage === coverage)
      .map(({ operator }) => operator)
      .join(', ');
  const [missing, quantised] = [named('none'), named('quantised')];
  return [
    `Operators: ${all}`,
    ...(missing === '' ? [] : [`Without a gradient rule: ${missing}`]),
    ...(quantised === '' ? [] : [`Rounded numbers, which have no gradient: ${quantised}`]),
    ...(missing === '' && quantised === '' ? ['All of them are known.'] : []),
  ].map(printable);
}

async function tryKind(
  model: Uint8Array,
  output: string,
  { name, wantLayer, wantInput }: (typeof kinds)[number],
  { layer, inputDims }: CheckOptions,
): Promise<{ readonly lines: readonly string[]; readonly isPossible: boolean }> {
  const started = performance.now();
  const request: GradientRequest = {
    output,
    wantLayer,
    wantInput,
    ...(wantLayer && layer !== undefined && { layer }),
    ...(inputDims !== undefined && { inputDims }),
  };
  let compiled: CompiledGradient;
  try {
    compiled = compileGradient(model, request);
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    return {
      lines: [`${name}: not possible. ${errorEntry(cause.code).title}`, `  ${cause.message} (${cause.code})`],
      isPossible: false,
    };
  }
  const ms = performance.now() - started;
  const at =
    compiled.layer === undefined
      ? `for an input of ${shape(compiled.inputDims)}`
      : `at ${compiled.layer.name}, ${shape(compiled.layer.dims)}`;
  const size = `compiled to ${megabytes(compiled.bytes.length)} in ${(ms / 1000).toFixed(2)} s`;
  try {
    const found = await confirm(model, compiled, request);
    return { lines: [`${name}: possible, ${at}`, `  ${size}; ${found}`], isPossible: true };
  } catch (cause) {
    return {
      lines: [`${name}: NOT to be relied on here, ${at}`, `  ${size}, but ${describeThrown(cause)}`],
      isPossible: false,
    };
  }
}

/**
 * Runs the gradient once. The logits must be those of the file itself, and the gradient what finite differences say; where paths
 * lead around a layer, that of the input, which passes it, is compiled along and stands for both.
 * @throws AppError `model.*`
 */
async function confirm(
  model: Uint8Array,
  compiled: CompiledGradient,
  request: GradientRequest,
): Promise<string> {
  const start = await nativeRuntime();
  const isAround = compiled.layer?.carriesAll === false;
  const runnable = isAround ? compileGradient(model, { ...request, wantInput: true }) : compiled;
  const session = await openGradient(runnable, start);
  try {
    const random = seededRandom(3);
    const size = sizeOf(compiled.inputDims);
    const picture = Float32Array.from({ length: size }, () => 2 * random() - 1);
    const [input] = readModel(model).inputs;
    const original = await start({ bytes: model, inputNames: [input!.name], outputNames: [request.output] });
    // A file whose batch is fixed is asked for one picture after the other.
    const [batch, ...dims] = compiled.inputDims as [number, ...number[]];
    const runs = input!.dims?.[0] === 1 ? batch : 1;
    const expected: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      const data = picture.slice((run * size) / runs, ((run + 1) * size) / runs);
      const answer = await original.run({ dims: [batch / runs, ...dims], data });
      for (const logit of answer.get(request.output)?.data ?? []) expected.push(logit);
    }
    await original.release();
    const cotangent = new Float32Array(sizeOf(compiled.outputDims)).fill(1);
    const { logits, inputGradient, activationGradient } = await session.run(picture, cotangent);
    assertSameLogits(logits.data, Float32Array.from(expected));
    const slopes = inputGradient ?? activationGradient;
    if (slopes?.data.every((value) => value === 0) === true) {
      return 'its gradient is zero on a random picture, so there was nothing to compare';
    }
    await checkGradient(session, picture.slice(0, size / compiled.inputDims[0]!));
    return isAround
      ? 'agrees with finite differences (of the whole, for paths lead around this layer)'
      : 'agrees with finite differences';
  } finally {
    await session.release();
  }
}

/** @throws AppError `model.check-failed` */
function assertSameLogits(ours: Float32Array, original: Float32Array): void {
  const scale = original.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  // Written so that NaN fails.
  const isSame =
    original.length === ours.length &&
    ours.every((value, index) => Math.abs(value - original[index]!) <= 1e-3 * (1e-6 + scale));
  if (!isSame)
    throw new AppError('model.check-failed', 'the compiled network does not give the logits of the file');
}
