import type { Attributes, AttributeValue, Constant, Subgraph } from './graph.ts';

/** Reading and writing attributes; a missing one has the default of the standard, which the caller names. */

function valueOf<Kind extends AttributeValue['kind']>(attributes: Attributes, name: string, kind: Kind) {
  const found = attributes.get(name);
  return found?.kind === kind ? (found as Extract<AttributeValue, { kind: Kind }>) : undefined;
}

export function intOf(attributes: Attributes, name: string, otherwise: number): number {
  return valueOf(attributes, name, 'int')?.value ?? otherwise;
}

export function floatOf(attributes: Attributes, name: string, otherwise: number): number {
  return valueOf(attributes, name, 'float')?.value ?? otherwise;
}

export function stringOf(attributes: Attributes, name: string, otherwise: string): string {
  return valueOf(attributes, name, 'string')?.value ?? otherwise;
}

export function intsOf(attributes: Attributes, name: string): readonly number[] | undefined {
  return valueOf(attributes, name, 'ints')?.value;
}

export function floatsOf(attributes: Attributes, name: string): readonly number[] | undefined {
  return valueOf(attributes, name, 'floats')?.value;
}

export function tensorOf(attributes: Attributes, name: string): Constant | undefined {
  return valueOf(attributes, name, 'tensor')?.value;
}

export function graphOf(attributes: Attributes, name: string): Subgraph | undefined {
  return valueOf(attributes, name, 'graph')?.value;
}

export const int = (value: number): AttributeValue => ({ kind: 'int', value });
export const float = (value: number): AttributeValue => ({ kind: 'float', value });
export const string = (value: string): AttributeValue => ({ kind: 'string', value });
export const ints = (value: readonly number[]): AttributeValue => ({ kind: 'ints', value });

export function attributes(values: Readonly<Record<string, AttributeValue>> = {}): Attributes {
  return new Map(Object.entries(values));
}
