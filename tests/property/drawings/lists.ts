import { int } from '../../../shared/onnx/attributes.ts';
import type { NetworkDraft } from '../network-draft.ts';
import { type Draw, type Drawings, since } from './drawing.ts';

/** Lists of tensors, as compiled Python leaves them: a tensor in parts, some of them in another list, and one tensor again. */

interface Parts {
  readonly list: string;
  /** Of each part along the axis; undefined where the axis is gone. */
  readonly sizes: readonly (number | undefined)[];
}

/** A place in a list, counted from either end, as a whole number. */
function place({ dice }: NetworkDraft, index: number, count: number): number {
  return dice.chance(0.3) ? index - count : index;
}

function split(draft: NetworkDraft, x: string, axis: number): Parts {
  const { dice } = draft;
  const total = draft.dims(x)[axis]!;
  const given = { axis: int(draft.axis(axis, draft.rank(x))) };
  if (dice.chance(0.3)) {
    const keeps = dice.chance(0.5);
    const list = draft.op('SplitToSequence', [x], { ...given, keepdims: int(keeps ? 1 : 0) });
    return { list, sizes: Array<number | undefined>(total).fill(keeps ? 1 : undefined) };
  }
  const first = dice.int(1, total);
  if (dice.chance(0.5)) {
    const sizes = Array.from({ length: Math.ceil(total / first) }, (_, part) =>
      Math.min(first, total - part * first),
    );
    return { list: draft.op('SplitToSequence', [x, draft.constant('int64', [], [first])], given), sizes };
  }
  const sizes = first === total ? [total] : [first, total - first];
  return { list: draft.op('SplitToSequence', [x, draft.ints(sizes)], given), sizes };
}

const lists: Draw = (draft, x) => {
  const { dice } = draft;
  if (draft.rank(x) === 0) return undefined;
  const axis = dice.int(0, draft.rank(x) - 1);
  const { list, sizes } = split(draft, x, axis);
  const index = (value: number): string => draft.constant('int64', [], [value]);
  const at = (part: number): string =>
    draft.op('SequenceAt', [list, index(place(draft, part, sizes.length))]);
  const first = dice.int(0, sizes.length - 1);
  // Of one size, so that they can be joined along a new axis, too.
  const alike = sizes.flatMap((size, part) => (size === sizes[first] ? [part] : []));
  const [one, other] = [at(first), at(dice.pick(alike))];
  const isNew = dice.chance(0.5) || draft.rank(one) === 0;
  let chosen = draft.op('SequenceConstruct', [one, other]);
  if (dice.chance(0.3)) chosen = draft.op('SequenceInsert', [draft.op('SequenceEmpty', []), other]);
  if (dice.chance(0.5)) chosen = draft.op('SequenceInsert', [chosen, one, index(0)]);
  if (dice.chance(0.4)) chosen = draft.op('SequenceErase', [draft.op('SequenceInsert', [chosen, one])]);
  const length = draft.op('Cast', [draft.op('SequenceLength', [chosen])], { to: int(1) });
  const rank = draft.rank(one) + (isNew ? 1 : 0);
  const joined = draft.op('ConcatFromSequence', [chosen], {
    axis: int(draft.axis(dice.int(0, rank - 1), rank)),
    new_axis: int(isNew ? 1 : 0),
  });
  return draft.op('Div', [joined, length]);
};

export const listing: Drawings = { lists: since(11, lists) };
