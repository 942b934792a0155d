/**
 * An ONNX graph as plain data. Tensors are known by name; `nodes` are in an order in which every input exists before it is
 * used. Real numbers are always float32 here: half and double precision are widened or narrowed when a file is read.
 */
export interface OnnxGraph {
  readonly opset: number;
  readonly inputs: readonly GraphInput[];
  readonly outputs: readonly string[];
  readonly nodes: readonly GraphNode[];
  readonly constants: ReadonlyMap<string, Constant>;
}

export interface GraphInput {
  readonly name: string;
  readonly type: ElementType;
  /** A number, the name of a size that is given at run time, or undefined; no list at all when not even the rank is told. */
  readonly dims: readonly (number | string | undefined)[] | undefined;
}

export interface GraphNode {
  /** As in the file; often empty. */
  readonly name: string;
  readonly opType: string;
  /** '' for the operators of the standard. */
  readonly domain: string;
  /** '' stands for an optional input that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Attributes;
}

/** The types that occur in networks once real numbers are float32. */
export type ElementType = 'float32' | 'int64' | 'int32' | 'uint8' | 'int8' | 'bool';

/** A tensor's type and shape, both known before anything runs. */
export interface TensorType {
  readonly type: ElementType;
  readonly dims: readonly number[];
}

/** A tensor whose values are in the file. `bytes` are row-major and little-endian. */
export interface Constant extends TensorType {
  readonly bytes: Uint8Array;
}

export type Attributes = ReadonlyMap<string, AttributeValue>;

export type AttributeValue =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'floats'; readonly value: readonly number[] }
  | { readonly kind: 'strings'; readonly value: readonly string[] }
  | { readonly kind: 'tensor'; readonly value: Constant }
  | { readonly kind: 'graph'; readonly value: Subgraph }
  /** Of a kind that no operator here has. */
  | { readonly kind: 'other' };

/** A branch of an If. It sees the names of the graph around it. */
export interface Subgraph {
  readonly nodes: readonly GraphNode[];
  readonly constants: ReadonlyMap<string, Constant>;
  readonly outputs: readonly string[];
}

export function sizeOf(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}
