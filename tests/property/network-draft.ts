import { attributes, ints as intsAttribute } from '../../shared/onnx/attributes.ts';
import { constantOf, numbersOf } from '../../shared/onnx/constants.ts';
import { GraphBuilder } from '../../shared/onnx/graph-builder.ts';
import {
  type AttributeValue,
  type Constant,
  type ElementType,
  type GraphNode,
  sizeOf,
} from '../../shared/onnx/graph.ts';
import { modernise } from '../../shared/onnx/modernise/modernise.ts';
import { knownOperators } from '../../shared/onnx/operators/known-operators.ts';
import type { Dice } from './dice.ts';

/** Nothing is built upon larger tensors, so that a network takes milliseconds. */
const largestSource = 400;
const largestResult = 3000;

/** A network while it is drawn: what there is so far, and the shape of all of it. */
export class NetworkDraft {
  readonly dice: Dice;
  readonly opset: number;
  readonly input = 'x';
  readonly nodes: GraphNode[] = [];
  readonly constants = new Map<string, Constant>();
  /** Real tensors that follow the input, oldest first. */
  readonly moving: string[] = [];
  readonly #builder = new GraphBuilder(knownOperators, '~');
  readonly #used = new Set<string>();
  /** Lists of tensors that follow the input. */
  readonly #lists = new Set<string>();

  constructor(dice: Dice, opset: number, inputDims: readonly number[]) {
    this.dice = dice;
    this.opset = opset;
    this.#builder.addInput(this.input, { type: 'float32', dims: inputDims });
    this.moving.push(this.input);
  }

  dims(name: string): readonly number[] {
    return this.#builder.dims(name);
  }

  rank(name: string): number {
    return this.dims(name).length;
  }

  size(name: string): number {
    return sizeOf(this.dims(name));
  }

  /** Whether a result of this shape is small enough. */
  fits(dims: readonly number[]): boolean {
    return sizeOf(dims) <= largestResult && dims.length <= 5 && dims.every((dim) => dim > 0);
  }

  /** Something to go on from: mostly what came last. */
  source(): string {
    const smallest = Math.min(...this.moving.map((name) => this.size(name)));
    const small = this.moving.filter((name) => this.size(name) <= Math.max(largestSource, smallest));
    return this.dice.chance(0.6) ? small.at(-1)! : this.dice.pick(small);
  }

  /** A real tensor that follows the input. */
  find(isRight: (dims: readonly number[]) => boolean, but: readonly string[] = []): string | undefined {
    const right = this.moving.filter((name) => !but.includes(name) && isRight(this.dims(name)));
    return right.length === 0 ? undefined : this.dice.pick(right);
  }

  /** Real tensors that follow the input and that nothing uses yet. */
  get ends(): string[] {
    return this.moving.filter((name) => !this.#used.has(name));
  }

  /** Nobody shall use it. */
  leaveOut(name: string): void {
    this.#used.add(name);
    this.moving.splice(this.moving.indexOf(name), 1);
  }

  /** An axis, counted from either end: from the last one since opset 11. */
  axis(axis: number, rank: number): number {
    return this.opset >= 11 && this.dice.chance(0.4) ? axis - rank : axis;
  }

  anyAxis(name: string): number {
    return this.axis(this.dice.int(0, this.rank(name) - 1), this.rank(name));
  }

  constant(type: ElementType, dims: readonly number[], values: readonly number[]): string {
    const value = constantOf(type, dims, values);
    if (!this.dice.chance(0.1)) {
      const name = `w${this.constants.size + 1}`;
      this.constants.set(name, value);
      this.#builder.addConstant(name, value);
      return name;
    }
    const isList = this.opset >= 12 && dims.length <= 1 && (type === 'float32' || type === 'int64');
    return this.op('Constant', [], isList ? listed(value) : { value: { kind: 'tensor', value } });
  }

  reals(dims: readonly number[], low = -1.5, high = 1.5): string {
    return this.constant('float32', dims, this.dice.reals(sizeOf(dims), low, high));
  }

  scalar(value: number): string {
    return this.constant('float32', [], [value]);
  }

  ints(values: readonly number[]): string {
    return this.constant('int64', [values.length], values);
  }

  /** A list that is an attribute before opset `since`, and the second input from then on. */
  withList(
    since: number,
    name: string,
    values: readonly number[],
  ): [inputs: string[], attributes: Record<string, AttributeValue>] {
    return this.opset < since ? [[], { [name]: intsAttribute(values) }] : [[this.ints(values)], {}];
  }

  op(opType: string, inputs: readonly string[], given: Record<string, AttributeValue> = {}): string {
    return this.ops(opType, inputs, given, 1)[0]!;
  }

  /** A node with so many outputs. @throws Error with all operations, when the compiler refuses it */
  ops(
    opType: string,
    inputs: readonly string[],
    given: Record<string, AttributeValue>,
    count: number,
  ): string[] {
    const first = this.nodes.reduce((sum, { outputs }) => sum + outputs.length, 1);
    const outputs = Array.from({ length: count }, (_, index) => `t${first + index}`);
    const node = { name: '', opType, domain: '', inputs, outputs, attributes: attributes(given) };
    this.nodes.push(node);
    try {
      modernise(node, this.opset, this.#builder);
    } catch (cause) {
      throw new Error(`the compiler refuses the last of\n${this.operations().join('\n')}`, { cause });
    }
    const isFollowed = knownOperators[opType]?.gradient !== 'zero';
    if (isFollowed && inputs.some((name) => this.moving.includes(name) || this.#lists.has(name))) {
      this.moving.push(...outputs.filter((name) => this.#builder.types.get(name)?.type === 'float32'));
      for (const name of outputs) if (this.#builder.lists.has(name)) this.#lists.add(name);
    }
    for (const name of inputs) this.#used.add(name);
    return outputs;
  }

  /** One line for each node. */
  operations(): string[] {
    const shape = (name: string): string => (this.#builder.types.has(name) ? this.dims(name).join('×') : '?');
    const show = (name: string): string => {
      const constant = this.#builder.constants.get(name);
      if (constant === undefined) return name;
      const isShort = sizeOf(constant.dims) <= (constant.type === 'float32' ? 5 : 12);
      return isShort ? `[${numbersOf(constant).join(' ')}]` : `${name} ${shape(name)}`;
    };
    return [
      `opset ${this.opset}, x: ${shape(this.input)}`,
      ...this.nodes.map(({ opType, inputs, outputs, attributes: given }) => {
        const settings = [...given].map(([name, each]) => `${name}=${textOf(each)}`);
        const results = outputs.map((name) => `${name}: ${shape(name)}`).join(', ');
        return `${results} = ${opType}(${[...inputs.map(show), ...settings].join(', ')})`;
      }),
    ];
  }
}

function textOf(attribute: AttributeValue): string {
  switch (attribute.kind) {
    case 'int':
    case 'float':
    case 'string':
      return `${attribute.value}`;
    case 'ints':
    case 'floats':
    case 'strings':
      return attribute.value.join(',');
    case 'tensor':
    case 'graph':
    case 'other':
      return attribute.kind;
  }
}

/** A constant as one of the attributes that hold plain numbers. */
function listed(value: Constant): Record<string, AttributeValue> {
  const values = numbersOf(value);
  const isReal = value.type === 'float32';
  if (value.dims.length === 0) {
    return isReal
      ? { value_float: { kind: 'float', value: values[0]! } }
      : { value_int: { kind: 'int', value: values[0]! } };
  }
  return isReal ? { value_floats: { kind: 'floats', value: values } } : { value_ints: intsAttribute(values) };
}
