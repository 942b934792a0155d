import { attributes, string } from '../attributes.ts';
import type { NodeScope } from '../node-scope.ts';
import type { Operators } from '../operator.ts';

/**
 * Einsum of one or two inputs with an explicit output: y = Σ a·b over the letters that the output lacks. The cotangent of a is
 * the Einsum of dy and b onto a's letters; a letter that neither of them has was summed away, and dy is repeated along it.
 * No "…", and no letter twice in one input.
 */

interface Equation {
  readonly terms: readonly string[];
  readonly result: string;
}

function equationOf(node: NodeScope): Equation {
  const equation = node.string('equation', '').replaceAll(' ', '');
  const [left, result, ...rest] = equation.split('->');
  const terms = left?.split(',') ?? [];
  const all = [...terms, result ?? '.'];
  const isSimple =
    rest.length === 0 &&
    terms.length <= 2 &&
    terms.length === node.inputCount &&
    all.every((each) => /^[A-Za-z]*$/.test(each) && new Set(each).size === each.length);
  if (!isSimple || result === undefined) throw node.noRule(`the equation "${equation}" is not simple`);
  return { terms, result };
}

function sizesOf(node: NodeScope, { terms }: Equation): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const [index, term] of terms.entries()) {
    const dims = node.dims(index);
    if (dims.length !== term.length) throw node.damaged(`"${term}" does not fit ${dims.join('×')}`);
    for (const [axis, letter] of term.split('').entries()) {
      if ((sizes.get(letter) ?? dims[axis]) !== dims[axis]) throw node.damaged(`${letter} has two sizes`);
      sizes.set(letter, dims[axis]!);
    }
  }
  return sizes;
}

export const einsum: Operators = {
  Einsum: {
    infer(node) {
      const equation = equationOf(node);
      const sizes = sizesOf(node, equation);
      const dims = Array.from(equation.result, (letter) => {
        const size = sizes.get(letter);
        if (size === undefined) throw node.damaged(`nothing is called ${letter}`);
        return size;
      });
      return { type: node.type(0), dims };
    },
    gradient(scope) {
      const { builder } = scope;
      const { terms, result } = equationOf(scope);
      for (const [index, term] of terms.entries()) {
        scope.give(index, () => {
          const other = terms[1 - index];
          const inputs = [scope.cotangent, ...(other === undefined ? [] : [scope.input(1 - index)])];
          const left = [result, ...(other === undefined ? [] : [other])];
          const reachable = Array.from(term).filter((letter) => left.join('').includes(letter));
          const equation = string(`${left.join(',')}->${reachable.join('')}`);
          const found = builder.op('Einsum', inputs, attributes({ equation }));
          const dims = scope.dims(index);
          const kept = Array.from(term, (letter, axis) => (reachable.includes(letter) ? dims[axis]! : 1));
          return builder.op('Expand', [builder.reshape(found, kept), builder.ints(dims)]);
        });
      }
    },
  },
};
