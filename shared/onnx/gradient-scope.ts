import type { GraphBuilder } from './graph-builder.ts';
import type { GraphNode } from './graph.ts';
import { NodeScope } from './node-scope.ts';

/** One node on the way back: its inputs and outputs by name, the cotangents of its outputs, and where to put the answer. */
export class GradientScope extends NodeScope {
  readonly builder: GraphBuilder;
  readonly #cotangents: ReadonlyMap<string, string>;
  readonly #wanted: ReadonlySet<string>;
  readonly #contribute: (name: string, cotangent: string) => void;

  constructor(
    node: GraphNode,
    builder: GraphBuilder,
    cotangents: ReadonlyMap<string, string>,
    wanted: ReadonlySet<string>,
    contribute: (name: string, cotangent: string) => void,
  ) {
    super(node, builder.types, builder.constants);
    this.builder = builder;
    this.#cotangents = cotangents;
    this.#wanted = wanted;
    this.#contribute = contribute;
  }

  output(index = 0): string {
    return this.node.outputs[index]!;
  }

  outputDims(index = 0): readonly number[] {
    return this.builder.dims(this.output(index));
  }

  /** Of the first output. It has the output's shape. */
  get cotangent(): string {
    const found = this.cotangentOf(0);
    if (found === undefined) throw this.unsupported('only its first output has a gradient');
    return found;
  }

  /** Undefined where nothing that counts depends on this output. */
  cotangentOf(index: number): string | undefined {
    return this.#cotangents.get(this.node.outputs[index] ?? '');
  }

  wants(index: number): boolean {
    return this.#wanted.has(this.node.inputs[index] ?? '');
  }

  /** `make` is called only where somebody waits for the answer; it must have the input's shape. */
  give(index: number, make: () => string): void {
    if (this.wants(index)) this.#contribute(this.input(index), make());
  }

  /** For inputs that are weights in every ordinary network. @throws AppError `onnx.no-rule` */
  refuse(index: number, what: string): void {
    if (this.wants(index)) throw this.noRule(`${what} depends on the image, and there is no rule for that`);
  }
}
