import { attributes, int } from '../attributes.ts';
import { constantOf } from '../constants.ts';
import type { Rewrite, Rewriting } from './rewriting.ts';

/**
 * Lists of tensors, which exporters of scripted modules write for what was a list in Python. How long each is, and what is in it,
 * is known here, so that nothing of them is left.
 */

/** A file of some kilobytes could otherwise copy ever longer lists for ever. */
const longest = 4096;

function listOf(node: Rewriting): readonly string[] {
  const list = node.builder.lists.get(node.input(0));
  if (list === undefined) throw node.damaged(`its input ${node.input(0)} is no list`);
  return list;
}

function give(node: Rewriting, list: readonly string[]): true {
  if (list.length > longest) throw node.unsupported(`a list of ${list.length} tensors`);
  node.builder.lists.set(node.node.outputs[0]!, list);
  return true;
}

/** Where a list is read or changed; counted from the end when it is negative. */
function placeIn(node: Rewriting, index: number, otherwise: number, most: number): number {
  const given = node.has(index) ? node.values(index)[0]! : otherwise;
  const place = given < 0 ? given + most : given;
  if (!Number.isInteger(place) || place < 0 || place >= most)
    throw node.damaged(`there is no place ${given}`);
  return place;
}

const splitToSequence: Rewrite = (node) => {
  const { builder } = node;
  const axis = node.axis(node.int('axis', 0));
  const total = node.dims(0)[axis]!;
  const sizes = sizesOfParts(node, total);
  if (sizes.length > longest) throw node.unsupported(`a list of ${sizes.length} tensors`);
  let start = 0;
  const parts = sizes.map((size) => {
    const part = builder.slice(node.input(0), [start], [start + size], [axis]);
    start += size;
    return part;
  });
  const isSqueezed = !node.has(1) && node.int('keepdims', 1) === 0;
  if (!isSqueezed) return give(node, parts);
  return give(
    node,
    parts.map((part) => builder.reshape(part, node.dims(0).toSpliced(axis, 1))),
  );
};

/** One number is the size of every part but the last; without any, every part is one slice. */
function sizesOfParts(node: Rewriting, total: number): readonly number[] {
  const given = node.has(1) ? node.values(1) : [1];
  if (node.has(1) && node.rank(1) > 0) return given;
  const [each] = given as [number];
  if (!(each >= 1)) throw node.damaged(`parts of ${each}`);
  return Array.from({ length: Math.ceil(total / each) }, (_, part) => Math.min(each, total - part * each));
}

const concatFromSequence: Rewrite = (node) => {
  const { builder } = node;
  const list = listOf(node);
  const isNew = node.int('new_axis', 0) === 1;
  const rank = builder.dims(list[0] ?? '').length + (isNew ? 1 : 0);
  const axis = node.axis(node.int('axis', 0), rank);
  const parts = isNew
    ? list.map((part) => builder.reshape(part, builder.dims(part).toSpliced(axis, 0, 1)))
    : list;
  return node.become({ opType: 'Concat', inputs: parts, attributes: attributes({ axis: int(axis) }) });
};

export const sequences: Readonly<Record<string, Rewrite>> = {
  SequenceEmpty: (node) => give(node, []),
  SequenceConstruct: (node) => give(node, node.node.inputs),
  SequenceInsert(node) {
    const list = listOf(node);
    return give(node, list.toSpliced(placeIn(node, 2, list.length, list.length + 1), 0, node.input(1)));
  },
  SequenceErase(node) {
    const list = listOf(node);
    return give(node, list.toSpliced(placeIn(node, 1, list.length - 1, list.length), 1));
  },
  SequenceAt(node) {
    const list = listOf(node);
    return node.finish(list[placeIn(node, 1, 0, list.length)]!);
  },
  SequenceLength(node) {
    node.builder.addConstant(node.node.outputs[0]!, constantOf('int64', [], [listOf(node).length]));
    return true;
  },
  SplitToSequence: splitToSequence,
  ConcatFromSequence: concatFromSequence,
  Identity: (node) => (node.builder.lists.has(node.input(0)) ? give(node, listOf(node)) : false),
};
