import { readFile } from 'node:fs/promises';
import { seededRandom } from '../../../shared/kernel/seeded-random.ts';
import { AppError, describeThrown, errorEntry } from '../../../shared/kernel/errors.ts';
import { checkGradient } from '../../../shared/model/gradient-check.ts';
import { openGradient } from '../../../shared/model/gradient-session.ts';
import { compileGradient, type CompiledGradient } from '../../../shared/onnx/compile-gradient.ts';
import { operatorUses, type OperatorUse, parameterCount } from '../../../shared/onnx/inspect-model.ts';
import type { OnnxGraph } from '../../../shared/onnx/graph.ts';
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

export async function checkCommand(args: readonly string[], { out }: Terminal): Promise<number> {
  const options = parseCheckOptions(args);
  const bytes = await readFile(options.path).catch((cause: unknown) => {
    throw fileProblem(options.path, cause);
  });
  const model = new Uint8Array(bytes);
  const graph = readModel(model);
  const outputs = options.output === undefined ? outputsOfPicture(graph) : [options.output];
  out(`${printable(options.path)}\n`);
  out(
    `  ${parameterCount(graph).toLocaleString('en')} parameters, ${megabytes(model.length)}, opset ${graph.opset}, ${graph.nodes.length} nodes\n`,
  );
  for (const line of operatorLines(operatorUses(graph))) out(`  ${line}\n`);
  let possible = true;
  for (const output of outputs) {
    out(`\n  Explanations of ${printable(output)}\n`);
    for (const kind of kinds) {
      const { lines, isPossible } = await tryKind(model, output, kind, options);
      for (const line of lines) out(`    ${printable(line)}\n`);
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
  let compiled: CompiledGradient;
  try {
    compiled = compileGradient(model, {
      output,
      wantLayer,
      wantInput,
      ...(wantLayer && layer !== undefined && { layer }),
      ...(inputDims !== undefined && { inputDims }),
    });
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
  return {
    lines: [
      `${name}: possible, ${at}`,
      `  compiled to ${megabytes(compiled.bytes.length)} in ${(ms / 1000).toFixed(2)} s; ${await runOnce(compiled)}`,
    ],
    isPossible: true,
  };
}

/** In words whether the gradient, run here, is what finite differences say. */
async function runOnce(compiled: CompiledGradient): Promise<string> {
  if (compiled.layer?.carriesAll === false) {
    return 'not held against finite differences, because paths lead around this layer';
  }
  try {
    const session = await openGradient(compiled, await nativeRuntime());
    const random = seededRandom(3);
    const [, ...dims] = compiled.inputDims;
    const size = dims.reduce((product, dim) => product * dim, 1);
    await checkGradient(
      session,
      Float32Array.from({ length: size }, () => 2 * random() - 1),
    );
    await session.release();
    return 'agrees with finite differences';
  } catch (cause) {
    return `NOT confirmed by finite differences: ${describeThrown(cause)}`;
  }
}
