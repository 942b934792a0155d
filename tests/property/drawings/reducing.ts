import { int } from '../../../shared/onnx/attributes.ts';
import type { AttributeValue } from '../../../shared/onnx/graph.ts';
import type { NetworkDraft } from '../network-draft.ts';
import { bounded, type Draw, type Drawings, positive, since } from './drawing.ts';

/** Reductions, running sums, and places of extremes. */

function keepDims({ dice }: NetworkDraft): Record<string, AttributeValue> {
  return dice.pick([{}, { keepdims: int(0) }, { keepdims: int(1) }]);
}

/** @param axesAreInput since which opset the axes are the second input */
function reduction(
  opType: string,
  axesAreInput = 18,
  prepare: (draft: NetworkDraft, x: string) => string = (_, x) => x,
): Draw {
  return (draft, x) => {
    const { dice } = draft;
    const rank = draft.rank(x);
    if (rank === 0) return undefined;
    const source = prepare(draft, x);
    if (dice.chance(0.12)) return draft.op(opType, [source], keepDims(draft));
    if (draft.opset >= axesAreInput && dice.chance(0.1)) {
      const inputs = dice.pick([[source], [source, draft.ints([])]]);
      return draft.op(opType, inputs, { ...keepDims(draft), noop_with_empty_axes: int(dice.int(0, 1)) });
    }
    const chosen = dice.some([...Array(rank).keys()]).map((axis) => draft.axis(axis, rank));
    const [inputs, attributes] = draft.withList(axesAreInput, 'axes', dice.shuffled(chosen));
    return draft.op(opType, [source, ...inputs], { ...attributes, ...keepDims(draft) });
  };
}

const cumSum: Draw = (draft, x) => {
  if (draft.rank(x) === 0) return undefined;
  const { dice } = draft;
  const axis = draft.constant(dice.pick(['int64', 'int32']), [], [draft.anyAxis(x)]);
  return draft.op('CumSum', [x, axis], {
    ...(dice.chance(0.4) && { exclusive: int(1) }),
    ...(dice.chance(0.4) && { reverse: int(1) }),
  });
};

/** The largest or smallest of each row, taken by its number. */
function extremePlace(opType: string): Draw {
  return (draft, x) => {
    const { dice } = draft;
    if (draft.rank(x) === 0 || draft.opset < 11) return undefined;
    const axis = int(draft.anyAxis(x));
    if (dice.chance(0.7)) {
      const place = draft.op(opType, [x], { axis });
      return draft.op('GatherElements', [x, place], { axis });
    }
    const place = draft.op(opType, [x], { axis, keepdims: int(1) });
    return draft.op('Mul', [x, draft.op('Cast', [place], { to: int(1) })]);
  };
}

/** No factor vanishes, unless it is rectified: then whole products do, and so may their derivatives. */
function factors(draft: NetworkDraft, x: string): string {
  if (draft.dice.chance(0.3)) return draft.op('Relu', [x]);
  return draft.dice.chance(0.5) ? positive(draft, x) : x;
}

export const reducing: Drawings = {
  ReduceSum: reduction('ReduceSum', 13),
  ReduceMean: reduction('ReduceMean'),
  ReduceMax: reduction('ReduceMax'),
  ReduceMin: reduction('ReduceMin'),
  ReduceProd: reduction('ReduceProd', 18, factors),
  ReduceL1: reduction('ReduceL1'),
  ReduceL2: reduction('ReduceL2', 18, (draft, x) => (draft.dice.chance(0.2) ? draft.op('Relu', [x]) : x)),
  ReduceSumSquare: reduction('ReduceSumSquare'),
  ReduceLogSum: reduction('ReduceLogSum', 18, positive),
  ReduceLogSumExp: reduction('ReduceLogSumExp', 18, bounded),
  CumSum: since(11, cumSum),
  ArgMax: extremePlace('ArgMax'),
  ArgMin: extremePlace('ArgMin'),
};
