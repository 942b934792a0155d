import { AppError } from '../kernel/errors.ts';
import { attributes as noAttributes, int } from './attributes.ts';
import { constantOf } from './constants.ts';
import {
  type Attributes,
  type Constant,
  type ElementType,
  type GraphNode,
  sizeOf,
  type TensorType,
} from './graph.ts';
import { nodeError } from './node-error.ts';
import { NodeScope } from './node-scope.ts';
import type { Operator, Operators } from './operator.ts';

/** Larger real-number results are left to the runtime; whole numbers are shape arithmetic and always worked out. */
const largestFoldedReals = 4096;
const mostFolded = 1e6;
/** Of all constants that are made here; the largest networks in use need some hundred thousand. */
const mostWorkedOut = 2e7;
/** Larger constants are not looked up; none is made twice in practice. */
const largestKey = 4096;
/** 1 GB of float32, for a single tensor. */
const mostElements = 2 ** 28;

/**
 * Collects nodes in the order in which they can run. Every shape is worked out as a node is added, shape arithmetic becomes
 * constants, and what has been computed before is not computed again.
 */
export class GraphBuilder {
  readonly types = new Map<string, TensorType>();
  readonly constants = new Map<string, Constant>();
  readonly nodes: GraphNode[] = [];
  /** Of what each list of tensors consists; none of them is left in the graph. */
  readonly lists = new Map<string, readonly string[]>();
  readonly #operators: Operators;
  readonly #prefix: string;
  readonly #made = new Map<string, string>();
  #next = 0;
  #workedOut = 0;

  /** @param prefix of new names; no name that is given to the builder may begin with it */
  constructor(operators: Operators, prefix: string) {
    this.#operators = operators;
    this.#prefix = prefix;
  }

  dims(name: string): readonly number[] {
    const type = this.types.get(name);
    if (type === undefined) throw new TypeError(`nothing is known of ${name}`);
    return type.dims;
  }

  addInput(name: string, type: TensorType): void {
    this.types.set(name, type);
  }

  newInput(what: string, type: TensorType): string {
    const name = this.freshName(what);
    this.addInput(name, type);
    return name;
  }

  addConstant(name: string, constant: Constant): void {
    this.constants.set(name, constant);
    this.types.set(name, constant);
  }

  /**
   * A node under the names of its own.
   * @throws AppError `onnx.no-rule` for an operator that is not known, and what its `infer` throws
   */
  addNode(node: GraphNode): void {
    const isKnown = node.domain === '' && Object.hasOwn(this.#operators, node.opType);
    const operator = isKnown ? this.#operators[node.opType] : undefined;
    if (operator === undefined) throw nodeError('onnx.no-rule', node, 'this operator is not known');
    const scope = new NodeScope(node, this.types, this.constants);
    for (const [name, { kind }] of node.attributes) {
      if (kind === 'other') throw scope.damaged(`its attribute ${name} is of a kind that it cannot have`);
    }
    const inferred = typed(scope, () => operator.infer(scope));
    const types = 'dims' in inferred ? [inferred] : inferred;
    const areAtLeast = (least: number): boolean =>
      types.every(({ dims }) => dims.every((dim) => Number.isSafeInteger(dim) && dim >= least));
    const badShape = `its result has the shape ${types.map(({ dims }) => dims.join('×')).join(', ')}`;
    if (!areAtLeast(0)) throw scope.damaged(badShape);
    // A hostile file may ask for more than there is memory, in a few bytes.
    if (types.some(({ dims }) => sizeOf(dims) > mostElements)) throw scope.unsupported(badShape);
    const folded = typed(scope, () => this.#fold(scope, operator, types[0]!));
    if (folded !== undefined) return this.addConstant(node.outputs[0]!, folded);
    // Lists of shape arithmetic may be empty; activations may not.
    if (!areAtLeast(1)) throw scope.damaged(badShape);
    for (const [index, output] of node.outputs.entries()) {
      if (output === '') continue;
      const type = types[index];
      if (type === undefined) throw scope.unsupported(`its output ${index} is not supported`);
      this.types.set(output, type);
    }
    this.nodes.push(node);
  }

  #fold(scope: NodeScope, { fold, foldsShapes }: Operator, { type, dims }: TensorType): Constant | undefined {
    if (fold === undefined || scope.node.outputs.length !== 1) return undefined;
    if (type === 'float32' && sizeOf(dims) > largestFoldedReals) return undefined;
    const isKnown = scope.node.inputs.every((name) => name === '' || this.constants.has(name));
    if (!isKnown && foldsShapes !== true) return undefined;
    if (sizeOf(dims) > mostFolded) throw scope.unsupported(`shape arithmetic on ${dims.join('×')} values`);
    this.#spend(sizeOf(dims));
    return constantOf(type, dims, fold(scope));
  }

  /** A hostile file could have so much worked out beforehand that it takes minutes. */
  #spend(values: number): void {
    this.#workedOut += values;
    if (this.#workedOut > mostWorkedOut) {
      throw new AppError(
        'onnx.unsupported',
        `more than ${mostWorkedOut} values would be worked out beforehand`,
      );
    }
  }

  /** A new node with one output, whose name comes back. */
  op(opType: string, inputs: readonly string[], attributes: Attributes = noAttributes()): string {
    const key = keyOf([opType, inputs, [...attributes]]);
    const before = this.#made.get(key);
    if (before !== undefined) return before;
    const output = this.freshName(opType);
    this.addNode({ name: output, opType, domain: '', inputs, outputs: [output], attributes });
    this.#made.set(key, output);
    return output;
  }

  /** A name that nothing has. */
  freshName(what: string): string {
    this.#next += 1;
    return `${this.#prefix}${this.#next}/${what}`;
  }

  constant(type: ElementType, dims: readonly number[], values: readonly number[]): string {
    this.#spend(values.length);
    const key = values.length <= largestKey ? keyOf([type, dims, values]) : undefined;
    const before = key && this.#made.get(key);
    if (before !== undefined) return before;
    const name = this.freshName('constant');
    this.addConstant(name, constantOf(type, dims, values));
    if (key !== undefined) this.#made.set(key, name);
    return name;
  }

  scalar(value: number): string {
    return this.constant('float32', [], [value]);
  }

  ints(values: readonly number[]): string {
    return this.constant('int64', [values.length], values);
  }

  add(a: string, b: string): string {
    return this.op('Add', [a, b]);
  }

  sub(a: string, b: string): string {
    return this.op('Sub', [a, b]);
  }

  mul(a: string, b: string): string {
    return this.op('Mul', [a, b]);
  }

  div(a: string, b: string): string {
    return this.op('Div', [a, b]);
  }

  neg(a: string): string {
    return this.op('Neg', [a]);
  }

  scale(a: string, factor: number): string {
    return factor === 1 ? a : this.mul(a, this.scalar(factor));
  }

  where(condition: string, a: string, b: string): string {
    return this.op('Where', [condition, a, b]);
  }

  /** `a` where the condition holds, 0 elsewhere. */
  keepWhere(condition: string, a: string): string {
    return this.where(condition, a, this.scalar(0));
  }

  reshape(a: string, dims: readonly number[]): string {
    const now = this.dims(a);
    const isSame = now.length === dims.length && now.every((dim, axis) => dim === dims[axis]);
    return isSame ? a : this.op('Reshape', [a, this.ints(dims)]);
  }

  reduceSum(a: string, axes: readonly number[], keepDims = true): string {
    return axes.length === 0 ? a : this.op('ReduceSum', [a, this.ints(axes)], keeping(keepDims));
  }

  reduceMean(a: string, axes: readonly number[], keepDims = true): string {
    return axes.length === 0 ? a : this.op('ReduceMean', [a, this.ints(axes)], keeping(keepDims));
  }

  slice(
    a: string,
    starts: readonly number[],
    ends: readonly number[],
    axes: readonly number[],
    steps: readonly number[] = axes.map(() => 1),
  ): string {
    return this.op('Slice', [a, this.ints(starts), this.ints(ends), this.ints(axes), this.ints(steps)]);
  }

  /** Zeros around it: so many before and after, for each axis. */
  pad(a: string, before: readonly number[], after: readonly number[], value = 0): string {
    if ([...before, ...after].every((count) => count === 0)) return a;
    return this.op('Pad', [a, this.ints([...before, ...after]), this.scalar(value)]);
  }
}

const keeping = (keepDims: boolean): Attributes => noAttributes({ keepdims: int(keepDims ? 1 : 0) });

/** Infinities and NaN are told apart, which JSON does not do by itself. */
function keyOf(parts: unknown): string {
  return JSON.stringify(parts, (_, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
  );
}

/** What a file makes the rules do that they were not written for is the file's fault. */
export function typed<Result>(scope: NodeScope, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof RangeError || cause instanceof TypeError) throw scope.damaged(cause.message);
    throw cause;
  }
}
