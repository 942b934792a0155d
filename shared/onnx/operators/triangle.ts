import type { GraphBuilder } from '../graph-builder.ts';
import type { NodeScope } from '../node-scope.ts';
import type { Operators } from '../operator.ts';
import { sameAsInput } from './elementwise.ts';

/** Trilu keeps the upper or lower triangle of the last two axes; the cotangent passes where it was kept. */

/** Row-major, 1 where a cell is kept. */
function keptCells(node: NodeScope): { dims: number[]; cells: number[] } {
  const [rows, columns] = node.dims(0).slice(-2) as [number, number];
  const diagonal = node.has(1) ? node.values(1)[0]! : 0;
  const isUpper = node.int('upper', 1) === 1;
  const cells = Array.from({ length: rows * columns }, (_, index) => {
    const beyond = (index % columns) - Math.floor(index / columns) - diagonal;
    return Number(isUpper ? beyond >= 0 : beyond <= 0);
  });
  return { dims: [rows, columns], cells };
}

function keptMask(node: NodeScope, builder: GraphBuilder): string {
  const { dims, cells } = keptCells(node);
  return builder.constant('bool', dims, cells);
}

export const triangle: Operators = {
  Trilu: {
    infer: sameAsInput,
    fold(node) {
      const { cells } = keptCells(node);
      return node.values(0).map((value, index) => (cells[index % cells.length] === 1 ? value : 0));
    },
    gradient: (scope) =>
      scope.give(0, () => scope.builder.keepWhere(keptMask(scope, scope.builder), scope.cotangent)),
  },
};
