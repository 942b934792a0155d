import { AppError } from '../kernel/errors.ts';
import type { Sha256 } from '../kernel/hash.ts';
import type { CompiledGradient } from '../onnx/compile-gradient.ts';
import { goldenField } from './golden.ts';
import { cachedGradient, type GradientCache } from './gradient-cache.ts';
import { checkGradient } from './gradient-check.ts';
import { type GradientSession, openGradient } from './gradient-session.ts';
import type { ModelManifest } from './manifest.ts';
import type { StartSession } from './session.ts';
import type { VerifiedModel } from './verify-model.ts';

/**
 * The gradients of one model on the runtime that passed its reference check. Each is compiled, opened and checked when it is
 * first asked for, and kept. Rejects with `onnx.*`, `model.load-failed`, `model.check-failed`, and may be asked again then.
 */
export interface ModelGradients {
  /** One picture: logits, and the target layer with its gradient. */
  layer(): Promise<GradientSession>;
  /** Several pictures at once: logits and the gradient of the input. */
  input(): Promise<GradientSession>;
  release(): Promise<void>;
}

export interface GradientTools {
  readonly cache: GradientCache;
  readonly sha256: Sha256;
}

/** Pictures at once for gradients of the input, by what memory they take: about 0.1 GB. */
const workingBytes = 100e6;
const mostPictures = 8;

export function modelGradients(
  { manifest, onnx, golden }: VerifiedModel,
  start: StartSession,
  { cache, sha256 }: GradientTools,
): ModelGradients {
  const { shape } = manifest.input;
  const output = scoredOutput(manifest);
  const reference = golden.cases[0]!.input;
  const opened = new Map<string, Promise<GradientSession>>();

  async function open(what: 'layer' | 'input'): Promise<GradientSession> {
    const request = {
      output,
      ...(what === 'layer' && manifest.targetLayer !== output && { layer: manifest.targetLayer }),
      wantLayer: what === 'layer',
      wantInput: what === 'input',
    };
    const compile = (batch: number, asked = request) =>
      cachedGradient(
        onnx,
        manifest.sha256,
        { ...asked, inputDims: [batch, ...shape.slice(1)] },
        cache,
        sha256,
      );
    // A layer that paths lead around cannot be held against the score; the input's gradient, which passes it, can.
    const checkable = (layer: CompiledGradient) =>
      layer.layer?.carriesAll === true ? layer : compile(1, { ...request, wantInput: true });
    const one = await compile(1);
    const pictures = Math.max(1, Math.min(mostPictures, Math.floor(workingBytes / one.workingBytes)));
    const compiled = await (what === 'layer' ? checkable(one) : severalAtOnce(one, pictures, compile));
    const session = await openGradient(compiled, start);
    try {
      const [, , rows, columns] = shape;
      await checkGradient(session, goldenField(reference.seed, rows, columns, reference.gain).data);
      return session;
    } catch (cause) {
      await session.release().catch(() => undefined);
      throw cause;
    }
  }

  function once(what: 'layer' | 'input'): Promise<GradientSession> {
    const before = opened.get(what);
    if (before !== undefined) return before;
    const opening = open(what);
    opened.set(what, opening);
    opening.catch(() => opened.delete(what));
    return opening;
  }

  return {
    layer: () => once('layer'),
    input: () => once('input'),
    async release() {
      const sessions = [...opened.values()];
      opened.clear();
      for (const session of sessions) await session.then((each) => each.release()).catch(() => undefined);
    },
  };
}

/** A network that knows one picture only, or mixes several, is asked one at a time. */
async function severalAtOnce(
  one: CompiledGradient,
  pictures: number,
  compile: (batch: number) => Promise<CompiledGradient>,
): Promise<CompiledGradient> {
  if (pictures === 1) return one;
  try {
    const several = await compile(pictures);
    const [first, ...rest] = one.outputDims;
    const expected = [first! * pictures, ...rest].join();
    return first === 1 && several.outputDims.join() === expected ? several : one;
  } catch (cause) {
    if (cause instanceof AppError) return one;
    throw cause;
  }
}

/** What is explained: a classifier's logits, a segmentation's mask. */
export function scoredOutput({ task, outputs }: ModelManifest): string {
  return task === 'classification' ? outputs.logits : outputs.mask;
}
