import type { AppError } from '../kernel/errors.ts';
import { floatOf, floatsOf, intOf, intsOf, stringOf } from './attributes.ts';
import { numbersOf } from './constants.ts';
import type { Constant, ElementType, GraphNode, TensorType } from './graph.ts';
import { nodeError } from './node-error.ts';

/** One node with everything that is known of its inputs. */
export class NodeScope {
  readonly node: GraphNode;
  protected readonly types: ReadonlyMap<string, TensorType>;
  protected readonly constants: ReadonlyMap<string, Constant>;

  constructor(
    node: GraphNode,
    types: ReadonlyMap<string, TensorType>,
    constants: ReadonlyMap<string, Constant>,
  ) {
    this.node = node;
    this.types = types;
    this.constants = constants;
  }

  get inputCount(): number {
    return this.node.inputs.length;
  }

  has(index: number): boolean {
    return (this.node.inputs[index] ?? '') !== '';
  }

  /** @throws AppError `onnx.damaged` when the input is missing */
  input(index: number): string {
    const name = this.node.inputs[index] ?? '';
    if (name === '') throw this.damaged(`input ${index} is missing`);
    return name;
  }

  tensor(index: number): TensorType {
    const name = this.input(index);
    const found = this.types.get(name);
    if (found === undefined) throw this.damaged(`nothing is known of its input ${name}`);
    return found;
  }

  dims(index: number): readonly number[] {
    return this.tensor(index).dims;
  }

  rank(index: number): number {
    return this.dims(index).length;
  }

  type(index: number): ElementType {
    return this.tensor(index).type;
  }

  constant(index: number): Constant | undefined {
    return this.has(index) ? this.constants.get(this.input(index)) : undefined;
  }

  /** The values of an input that must not depend on the image. @throws AppError `onnx.unsupported` */
  values(index: number): number[] {
    const constant = this.constant(index);
    if (constant === undefined) {
      throw this.unsupported(`its input ${this.input(index)} must be known before the network runs`);
    }
    return numbersOf(constant);
  }

  int(name: string, otherwise: number): number {
    return intOf(this.node.attributes, name, otherwise);
  }

  float(name: string, otherwise: number): number {
    return floatOf(this.node.attributes, name, otherwise);
  }

  string(name: string, otherwise: string): string {
    return stringOf(this.node.attributes, name, otherwise);
  }

  ints(name: string): readonly number[] | undefined {
    return intsOf(this.node.attributes, name);
  }

  floats(name: string): readonly number[] | undefined {
    return floatsOf(this.node.attributes, name);
  }

  /** An axis that may be counted from the end. @throws AppError `onnx.damaged` */
  axis(value: number, rank: number = this.rank(0)): number {
    const axis = value < 0 ? value + rank : value;
    if (!Number.isInteger(axis) || axis < 0 || axis >= rank) {
      throw this.damaged(`there is no axis ${value} among ${rank}`);
    }
    return axis;
  }

  damaged(reason: string): AppError {
    return nodeError('onnx.damaged', this.node, reason);
  }

  unsupported(reason: string): AppError {
    return nodeError('onnx.unsupported', this.node, reason);
  }

  noRule(reason: string): AppError {
    return nodeError('onnx.no-rule', this.node, reason);
  }
}
