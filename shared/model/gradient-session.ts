import { AppError } from '../kernel/errors.ts';
import { type CompiledGradient, gradientInputs, gradientOutputs } from '../onnx/compile-gradient.ts';
import type { ModelSession, StartSession, Tensor } from './session.ts';

/** A compiled gradient on a runtime. */
export interface GradientSession extends Pick<CompiledGradient, 'inputDims' | 'outputDims' | 'layer'> {
  readonly runtime: ModelSession['runtime'];
  /**
   * @param input of the shape `inputDims`
   * @param cotangent of the shape `outputDims`: a weight for each logit
   * @throws AppError as `ModelSession.run`
   */
  run(input: Float32Array, cotangent: Float32Array): Promise<GradientAnswer>;
  release(): Promise<void>;
}

/** What was asked for when the model was compiled. */
export interface GradientAnswer {
  readonly logits: Tensor;
  readonly activation?: Tensor | undefined;
  /** ∂(Σ cotangent · logits) / ∂activation */
  readonly activationGradient?: Tensor | undefined;
  readonly inputGradient?: Tensor | undefined;
}

/** @throws AppError `model.load-failed` */
export async function openGradient(
  compiled: CompiledGradient,
  start: StartSession,
): Promise<GradientSession> {
  const { bytes, inputDims, outputDims, layer, hasInputGradient } = compiled;
  const { logits, activation, activationGradient, inputGradient } = gradientOutputs;
  const session = await start({
    bytes,
    inputNames: [gradientInputs.input, gradientInputs.cotangent],
    outputNames: [
      logits,
      ...(layer === undefined ? [] : [activation, activationGradient]),
      ...(hasInputGradient ? [inputGradient] : []),
    ],
  });
  return {
    inputDims,
    outputDims,
    layer,
    runtime: session.runtime,
    async run(input, cotangent) {
      const outputs = await session.run(
        { dims: inputDims, data: input },
        { dims: outputDims, data: cotangent },
      );
      const answered = outputs.get(logits);
      if (answered === undefined) throw new AppError('model.bad-output', 'the logits are missing');
      return {
        logits: answered,
        activation: outputs.get(activation),
        activationGradient: outputs.get(activationGradient),
        inputGradient: outputs.get(inputGradient),
      };
    },
    release: () => session.release(),
  };
}
