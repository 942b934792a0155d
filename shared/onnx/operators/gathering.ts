import { attributes, int, string } from '../attributes.ts';
import type { GradientScope } from '../gradient-scope.ts';
import { sizeOf, type TensorType } from '../graph.ts';
import type { NodeScope } from '../node-scope.ts';
import type { Operators } from '../operator.ts';
import { placeAlong } from '../place.ts';

/**
 * Gather takes slices by number: the cotangent of each is added where it came from. Numbers in an even row are put back by
 * padding, which every runtime does fast; others by ScatterElements with addition.
 */

function gatherInfer(node: NodeScope): TensorType {
  const axis = node.axis(node.int('axis', 0));
  const dims = node.dims(0);
  return { type: node.type(0), dims: [...dims.slice(0, axis), ...node.dims(1), ...dims.slice(axis + 1)] };
}

function foldGather(node: NodeScope): number[] {
  const axis = node.axis(node.int('axis', 0));
  const dims = node.dims(0);
  const values = node.values(0);
  const [size, run] = [dims[axis]!, sizeOf(dims.slice(axis + 1))];
  const places = node.values(1).map((place) => node.axis(place, size));
  return Array.from({ length: sizeOf(dims.slice(0, axis)) }, (_, row) =>
    places.flatMap((place) => values.slice((row * size + place) * run, (row * size + place + 1) * run)),
  ).flat();
}

/** Start and step of the numbers when they are known and evenly spaced. */
function evenRow(scope: GradientScope, size: number) {
  if (scope.constant(1) === undefined) return undefined;
  const places = scope.values(1).map((place) => scope.axis(place, size));
  const step = places.length > 1 ? places[1]! - places[0]! : 1;
  const isEven = step !== 0 && places.every((place, index) => place === places[0]! + index * step);
  return isEven ? { start: places[0]!, step, size } : undefined;
}

function gatherGradient(scope: GradientScope): string {
  const { builder } = scope;
  const dims = scope.dims(0);
  const axis = scope.axis(scope.int('axis', 0));
  const count = sizeOf(scope.dims(1));
  const flat = dims.map((dim, each) => (each === axis ? count : dim));
  const taken = builder.reshape(scope.cotangent, flat);
  const row = evenRow(scope, dims[axis]!);
  if (row !== undefined) return placeAlong(builder, taken, axis, row);
  const places = builder.reshape(
    scope.input(1),
    dims.map((_, each) => (each === axis ? count : 1)),
  );
  return scatterAlong(scope, builder.op('Expand', [places, builder.ints(flat)]), taken, axis);
}

/** Adds `taken` among zeros of the first input's shape at the numbers `places` of an axis. */
export function scatterAlong(scope: GradientScope, places: string, taken: string, axis: number): string {
  const { builder } = scope;
  const zeros = builder.op('Expand', [builder.scalar(0), builder.ints(scope.dims(0))]);
  const how = attributes({ axis: int(axis), reduction: string('add') });
  return builder.op('ScatterElements', [zeros, places, taken], how);
}

/** What was overwritten has no share in the result; what was written has that of its place. */
function scatterGradient(scope: GradientScope): void {
  const { builder, node } = scope;
  const axis = attributes({ axis: int(scope.axis(scope.int('axis', 0))) });
  const how = scope.string('reduction', 'none');
  if (how !== 'none' && how !== 'add') throw scope.noRule(`reduction "${how}"`);
  scope.give(0, () => {
    if (how === 'add') return scope.cotangent;
    const zeros = builder.op('Expand', [builder.scalar(0), builder.ints(scope.dims(2))]);
    return builder.op('ScatterElements', [scope.cotangent, scope.input(1), zeros], node.attributes);
  });
  scope.give(2, () => builder.op('GatherElements', [scope.cotangent, scope.input(1)], axis));
}

export const gathering: Operators = {
  Gather: {
    infer: gatherInfer,
    fold: foldGather,
    gradient: (scope) => scope.give(0, () => gatherGradient(scope)),
  },
  GatherElements: {
    infer: (node) => ({ type: node.type(0), dims: node.dims(1) }),
    gradient(scope) {
      const axis = scope.axis(scope.int('axis', 0));
      scope.give(0, () => scatterAlong(scope, scope.input(1), scope.cotangent, axis));
    },
  },
  ScatterElements: { infer: (node) => node.tensor(0), gradient: scatterGradient },
};
