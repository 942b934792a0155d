import { attributes, string } from '../attributes.ts';
import type { Rewrite, Rewriting } from './rewriting.ts';

/**
 * Einsum in its simple form, which is what the gradient rule knows: one or two inputs, every axis with its letter, no letter
 * twice in one input, and the output written out.
 */

const alphabet = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

interface Product {
  readonly inputs: readonly string[];
  readonly terms: readonly string[];
  readonly result: string;
}

const einsum: Rewrite = (node) => {
  const written = withResult(withLetters(node));
  const free = freeLetters([...written.terms, written.result]);
  const { inputs, terms, result } = withoutDiagonals(node, written, free);
  let [name, term] = [inputs[0]!, terms[0]!];
  // From left to right, keeping the letters that are still needed.
  for (let next = 1; next < terms.length - 1; next += 1) {
    const later = [...terms.slice(next + 1), result].join('');
    const kept = distinct(term + terms[next]!).filter((letter) => later.includes(letter));
    name = product(node, [name, inputs[next]!], [term, terms[next]!], kept.join(''));
    term = kept.join('');
  }
  const [last, lastTerm] = [inputs.at(-1)!, terms.at(-1)!];
  if (terms.length === 1) return node.become(simple([last], [lastTerm], result));
  return node.become(simple([name, last], [term, lastTerm], result));
};

const distinct = (letters: string): string[] => [...new Set(letters)];

function simple(inputs: readonly string[], terms: readonly string[], result: string) {
  return { inputs, attributes: attributes({ equation: string(`${terms.join(',')}->${result}`) }) };
}

function product(
  node: Rewriting,
  inputs: readonly string[],
  terms: readonly string[],
  result: string,
): string {
  return node.builder.op('Einsum', inputs, simple(inputs, terms, result).attributes);
}

function* freeLetters(texts: readonly string[]): Generator<string, never> {
  for (const letter of alphabet) if (!texts.join('').includes(letter)) yield letter;
  throw new RangeError('more axes than letters');
}

/** "…" becomes as many letters as the input has further axes; they are counted from the end, as in broadcasting. */
function withLetters(node: Rewriting): { terms: string[]; result: string | undefined; around: string } {
  const equation = node.string('equation', '').replaceAll(' ', '');
  const [left = '', result] = equation.split('->');
  const terms = left.split(',');
  if (terms.length !== node.inputCount || !/^[A-Za-z.,]*$/.test(left)) {
    throw node.damaged(`the equation "${equation}" does not fit ${node.inputCount} inputs`);
  }
  const counts = terms.map((term, index) =>
    term.includes('...') ? node.rank(index) - (term.length - 3) : 0,
  );
  const free = freeLetters([equation]);
  const around = Array.from({ length: Math.max(0, ...counts) }, () => free.next().value).join('');
  const filled = terms.map((term, index) =>
    term.replace('...', around.slice(around.length - counts[index]!)),
  );
  return { terms: filled, result: result?.replace('...', around), around };
}

/** Without "->" the output has the letters that occur once, in alphabetical order, behind those of "…". */
function withResult({ terms, result, around }: ReturnType<typeof withLetters>) {
  const all = terms.join('');
  const once = distinct(all).filter((letter) => all.split(letter).length === 2 && !around.includes(letter));
  return { terms, result: result ?? around + once.toSorted().join('') };
}

/** "ii" takes a diagonal: the second letter gets a name of its own, and a product with the unit matrix ties both together. */
function withoutDiagonals(
  node: Rewriting,
  { terms, result }: { terms: readonly string[]; result: string },
  free: Generator<string, never>,
): Product {
  const inputs = node.node.inputs.slice();
  const ties: string[] = [];
  const simpler = terms.map((term, index) =>
    Array.from(term, (letter, axis) => {
      if (term.indexOf(letter) === axis) return letter;
      const other = free.next().value;
      const size = node.dims(index)[axis]!;
      const unit = Array.from({ length: size * size }, (_, cell) => Number(cell % (size + 1) === 0));
      inputs.push(node.builder.constant('float32', [size, size], unit));
      ties.push(letter + other);
      return other;
    }).join(''),
  );
  return { inputs, terms: [...simpler, ...ties], result };
}

export const equations: Readonly<Record<string, Rewrite>> = { Einsum: einsum };
