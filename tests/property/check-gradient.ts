import { type GradientSession, openGradient } from '../../shared/model/gradient-session.ts';
import type { ModelSession, StartSession, Tensor } from '../../shared/model/session.ts';
import { type CompiledGradient, compileGradient } from '../../shared/onnx/compile-gradient.ts';
import { sizeOf } from '../../shared/onnx/graph.ts';
import { Dice } from './dice.ts';
import { judgeGradient, type Verdict } from './judge-gradient.ts';
import { networkBehind } from './network-behind.ts';
import type { RandomNetwork } from './random-networks.ts';
import { writeNetwork } from './write-network.ts';

/**
 * Two ways to compute the same logits: fusion and the order of sums differ, and old operators are made of others. Where values
 * that are nearly equal are normalised, the last digit counts 1/√ε ≈ 300 times.
 */
const logitTolerance = 1e-3;
/** A network that is not smooth at one point may be at another. */
const attempts = 3;

interface Subject {
  readonly network: RandomNetwork;
  readonly layer: string | undefined;
  readonly forward: ModelSession;
  readonly gradient: GradientSession;
  readonly start: StartSession;
}

/**
 * Compares the compiled gradients of a network, for a random cotangent, with how the logits of the network itself change; for
 * one network in four those of an inner activation, too.
 */
export async function checkGradient(
  network: RandomNetwork,
  seed: number,
  start: StartSession,
): Promise<Verdict> {
  const dice = new Dice(~seed);
  const bytes = writeNetwork(network);
  const layer = dice.chance(0.25) && network.layers.length > 0 ? dice.pick(network.layers) : undefined;
  const compiled = compileNetwork(network, layer, bytes);
  const forward = await startIfPossible(bytes, network.input, network.output, start);
  if (forward === undefined) return { kind: 'discarded', reason: 'not run' };
  const gradient = await openGradient(compiled, start);
  try {
    let verdict: Verdict = { kind: 'discarded', reason: 'kinks' };
    for (let attempt = 0; attempt < attempts && verdict.kind === 'discarded'; attempt += 1) {
      verdict = await checkAtPoint({ network, layer, forward, gradient, start }, dice);
    }
    return verdict;
  } finally {
    await forward.release();
    await gradient.release();
  }
}

export function compileNetwork(
  network: RandomNetwork,
  layer?: string,
  bytes = writeNetwork(network),
): CompiledGradient {
  return compileGradient(bytes, {
    output: network.output,
    ...(layer === undefined ? { wantLayer: false } : { layer }),
    wantInput: true,
    inputDims: network.input.dims,
  });
}

/** Undefined where onnxruntime does not run a network itself: its inference of shapes and its kernels disagree at times. */
async function startIfPossible(
  bytes: Uint8Array,
  { name, dims }: { readonly name: string; readonly dims: readonly number[] },
  output: string,
  start: StartSession,
): Promise<ModelSession | undefined> {
  try {
    const session = await start({ bytes, inputNames: [name], outputNames: [output] });
    await session.run({ dims, data: new Float32Array(sizeOf(dims)) });
    return session;
  } catch {
    return undefined;
  }
}

async function checkAtPoint(subject: Subject, dice: Dice): Promise<Verdict> {
  const { network, layer, forward, gradient } = subject;
  const { dims } = network.input;
  const point = { dims, data: Float32Array.from(dice.reals(sizeOf(dims), -1.5, 1.5)) };
  const logits = await outputOf(forward, point);
  if (!logits.data.every(Number.isFinite)) return { kind: 'discarded', reason: 'not finite' };
  const cotangent = Float32Array.from(dice.reals(logits.data.length, -1, 1));
  const [found, promised] = [logits.dims.join('×'), gradient.outputDims.join('×')];
  if (found !== promised) return { kind: 'differs', reason: `the logits are ${found}, not ${promised}` };
  const answer = await gradient.run(point.data, cotangent);
  const apart = distance(answer.logits.data, logits.data);
  if (!(apart <= logitTolerance)) return { kind: 'differs', reason: `the logits are apart by ${apart}` };
  const run = (input: Tensor): Promise<Tensor> => outputOf(forward, input);
  const verdict = await judgeGradient({ point, gradient: answer.inputGradient!, cotangent, run, dice });
  if (layer === undefined || verdict.kind !== 'agrees') return verdict;
  const activation = answer.activation!;
  // Equal values, such as copies of one cell, are ties to which rules give one of several answers.
  if (new Set(activation.data).size < activation.data.length) return verdict;
  const inner = { activation, gradient: answer.activationGradient!, cotangent };
  return (await checkLayer(subject, layer, point, inner, dice)) ?? verdict;
}

/** Undefined unless the gradient is wrong: what is not smooth there has been looked at from the input. */
async function checkLayer(
  { network, start }: Subject,
  layer: string,
  point: Tensor,
  inner: { activation: Tensor; gradient: Tensor; cotangent: Float32Array },
  dice: Dice,
): Promise<Verdict | undefined> {
  const behind = networkBehind(network, layer, point, inner.activation.dims);
  const session = await startIfPossible(writeNetwork(behind), behind.input, behind.output, start);
  if (session === undefined) return undefined;
  try {
    const run = (input: Tensor): Promise<Tensor> => outputOf(session, input);
    const verdict = await judgeGradient({ ...inner, point: inner.activation, run, dice });
    return verdict.kind === 'differs' ? { ...verdict, reason: `at ${layer}: ${verdict.reason}` } : undefined;
  } finally {
    await session.release();
  }
}

async function outputOf(session: ModelSession, input: Tensor): Promise<Tensor> {
  const [output] = [...(await session.run(input)).values()];
  return output!;
}

/** ‖a − b‖ / max(‖b‖, 1): logits near zero are compared as they are. */
function distance(a: Float32Array, b: Float32Array): number {
  const norm = (values: Float32Array): number =>
    Math.sqrt(values.reduce((sum, each) => sum + each * each, 0));
  return norm(a.map((value, index) => value - b[index]!)) / Math.max(norm(b), 1);
}
