import type { GraphNode } from '../../shared/onnx/graph.ts';

/** Operators whose older form is rewritten on reading, and the opset since which they have the present one. */
export const reformedSince: Readonly<Record<string, number>> = {
  Squeeze: 13,
  Unsqueeze: 13,
  ReduceSum: 13,
  ReduceMean: 18,
  ReduceMax: 18,
  ReduceMin: 18,
  ReduceProd: 18,
  ReduceL1: 18,
  ReduceL2: 18,
  ReduceSumSquare: 18,
  ReduceLogSum: 18,
  ReduceLogSumExp: 18,
  Slice: 10,
  Split: 13,
  Clip: 11,
  Pad: 11,
  Softmax: 13,
  LogSoftmax: 13,
  Hardmax: 13,
  TopK: 10,
  Resize: 11,
  GroupNormalization: 21,
  Dropout: 12,
};

/** "Slice", and "Slice before opset 10" when that is what it is. */
export function occurrencesIn(nodes: readonly GraphNode[], opset: number): ReadonlySet<string> {
  return new Set(
    nodes.flatMap(({ opType }) => {
      const since = reformedSince[opType];
      return since !== undefined && opset < since ? [opType, oldForm(opType)] : [opType];
    }),
  );
}

export function oldForm(opType: string): string {
  return `${opType} before opset ${reformedSince[opType]}`;
}
