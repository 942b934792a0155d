import type { GradientScope } from './gradient-scope.ts';
import type { TensorType } from './graph.ts';
import type { NodeScope } from './node-scope.ts';

/** What is known of one operator of opset 18. `operators/` has one small file for each family. */
export interface Operator {
  /**
   * Type and shape of every output; a single one may stand for itself.
   * @throws AppError `onnx.damaged` when the inputs do not fit, `onnx.unsupported` for what is not known here
   */
  readonly infer: (node: NodeScope) => TensorType | readonly TensorType[];
  /**
   * Gives each input what it contributed: cotangent of the input = (∂output/∂input)ᵀ · cotangent of the output.
   * `zero`: the derivative is zero wherever there is one. Absent: there is no rule, which is an error on the way to the output.
   */
  readonly gradient?: 'zero' | ((scope: GradientScope) => void);
  /** The values of the only output, for shape arithmetic; called when every input is a constant. */
  readonly fold?: (node: NodeScope) => ArrayLike<number>;
  /** `fold` looks at shapes only, so that it can always be called. */
  readonly foldsShapes?: true;
}

export type Operators = Readonly<Record<string, Operator>>;
