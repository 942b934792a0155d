import { float, int, string } from '../../../shared/onnx/attributes.ts';
import type { AttributeValue } from '../../../shared/onnx/graph.ts';
import type { NetworkDraft } from '../network-draft.ts';
import { bounded, type Draw, type Drawings, positive, since, widened } from './drawing.ts';

/** Operators of one operand that look at each element by itself. */

function unary(
  opType: string,
  settings: (draft: NetworkDraft) => Record<string, AttributeValue> = () => ({}),
): Draw {
  return (draft, x) => draft.op(opType, [widened(draft, x)], settings(draft));
}

/** An attribute that is left out now and then. */
function maybe(draft: NetworkDraft, name: string, low: number, high: number): Record<string, AttributeValue> {
  return draft.dice.chance(0.3) ? {} : { [name]: float(draft.dice.real(low, high)) };
}

const clip: Draw = (draft, x) => {
  const { dice } = draft;
  const [low, high] = [dice.real(-1, 0), dice.real(0, 1)];
  const [hasLow, hasHigh] = dice.pick([
    [true, true],
    [true, false],
    [false, true],
  ]);
  if (draft.opset < 11) {
    return draft.op('Clip', [x], {
      ...(hasLow && { min: float(low) }),
      ...(hasHigh && { max: float(high) }),
    });
  }
  const limits = [hasLow ? draft.scalar(low) : '', ...(hasHigh ? [draft.scalar(high)] : [])];
  return draft.op('Clip', [x, ...limits]);
};

const pRelu: Draw = (draft, x) => {
  const dims = draft.dims(x);
  const kept = draft.dice.chance(0.5) && dims.length > 1 ? dims.slice(1) : dims;
  const slope = kept.map((dim, axis) => (axis > 0 && draft.dice.chance(0.5) ? 1 : dim));
  return draft.op('PRelu', [x, draft.reals(slope, -0.5, 0.8)]);
};

const dropout: Draw = (draft, x) => {
  const ratio = draft.dice.real(0.1, 0.6);
  if (draft.opset < 12) return draft.op('Dropout', [x], { ratio: float(ratio) });
  const training = draft.constant('bool', [], [0]);
  const given = draft.dice.pick([[], [draft.scalar(ratio)], [draft.scalar(ratio), training]]);
  return draft.op('Dropout', [x, ...given]);
};

/** Real numbers of other precisions are all float32 to the compiler, and so they must end as float32. */
const cast: Draw = (draft, x) => {
  const double = draft.op('Cast', [x], { to: int(11) });
  const single = draft.op('Cast', [double], { to: int(1) });
  draft.leaveOut(double);
  return single;
};

/** Where inverse functions are defined, and well away from the ends. */
function within(draft: NetworkDraft, x: string): string {
  return draft.op('Mul', [draft.op(draft.dice.pick(['Tanh', 'Softsign', 'Sin']), [x]), draft.scalar(0.875)]);
}

const circular: Drawings = {
  ...Object.fromEntries(['Sin', 'Cos', 'Atan', 'Asinh'].map((name) => [name, unary(name)])),
  ...Object.fromEntries(
    ['Tan', 'Asin', 'Acos', 'Atanh'].map((name): [string, Draw] => [
      name,
      (draft, x) => draft.op(name, [within(draft, x)]),
    ]),
  ),
  Sinh: (draft, x) => draft.op('Sinh', [bounded(draft, x)]),
  Cosh: (draft, x) => draft.op('Cosh', [bounded(draft, x)]),
  Acosh: (draft, x) => draft.op('Acosh', [draft.op('Add', [positive(draft, x), draft.scalar(1)])]),
};

export const activations: Drawings = {
  ...circular,
  ...Object.fromEntries(
    ['Sigmoid', 'Tanh', 'Softplus', 'Softsign', 'Erf', 'Neg', 'Abs', 'Relu', 'Identity'].map((name) => [
      name,
      unary(name),
    ]),
  ),
  LeakyRelu: unary('LeakyRelu', (draft) => maybe(draft, 'alpha', -0.3, 0.6)),
  Elu: unary('Elu', (draft) => maybe(draft, 'alpha', 0.3, 2)),
  Selu: unary('Selu', (draft) => ({ ...maybe(draft, 'alpha', 0.5, 2), ...maybe(draft, 'gamma', 0.5, 2) })),
  Celu: since(
    12,
    unary('Celu', (draft) => maybe(draft, 'alpha', 0.3, 2)),
  ),
  ThresholdedRelu: since(
    10,
    unary('ThresholdedRelu', (draft) => maybe(draft, 'alpha', -0.5, 0.5)),
  ),
  HardSigmoid: unary('HardSigmoid', (draft) => ({
    ...maybe(draft, 'alpha', 0.2, 0.9),
    ...maybe(draft, 'beta', 0.2, 0.8),
  })),
  HardSwish: since(14, unary('HardSwish')),
  Gelu: since(
    20,
    unary('Gelu', ({ dice }) => dice.pick([{}, { approximate: string('tanh') }])),
  ),
  Mish: since(18, unary('Mish')),
  Shrink: unary('Shrink', (draft) => ({
    ...maybe(draft, 'lambd', 0.2, 0.8),
    ...maybe(draft, 'bias', -0.5, 0.5),
  })),
  PRelu: pRelu,
  Clip: clip,
  Dropout: dropout,
  Cast: cast,
  CastLike: since(15, (draft, x) => draft.op('CastLike', [x, draft.scalar(0)])),
  Exp: (draft, x) => draft.op('Exp', [bounded(draft, x)]),
  Log: (draft, x) => draft.op('Log', [positive(draft, x)]),
  Sqrt: (draft, x) => draft.op('Sqrt', [positive(draft, x)]),
  Reciprocal: (draft, x) => draft.op('Reciprocal', [positive(draft, x)]),
};
