import { type Constant, type ElementType, sizeOf } from './graph.ts';

/** Constants from numbers, and numbers from constants. */

export const bytesPerElement: Readonly<Record<ElementType, number>> = {
  float32: 4,
  int64: 8,
  int32: 4,
  uint8: 1,
  int8: 1,
  bool: 1,
};

export function constantOf(type: ElementType, dims: readonly number[], values: ArrayLike<number>): Constant {
  const bytes = new Uint8Array(values.length * bytesPerElement[type]);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < values.length; index += 1) write(view, type, index, values[index]!);
  return { type, dims, bytes };
}

function write(view: DataView, type: ElementType, index: number, value: number): void {
  switch (type) {
    case 'float32':
      return view.setFloat32(index * 4, value, true);
    case 'int64':
      return view.setBigInt64(index * 8, toBigInt(value), true);
    case 'int32':
      return view.setInt32(index * 4, value, true);
    case 'uint8':
      return view.setUint8(index, value);
    case 'int8':
      return view.setInt8(index, value);
    case 'bool':
      return view.setUint8(index, value === 0 ? 0 : 1);
  }
}

/** Exporters write the largest 64-bit number for "to the end"; as a double it is just beyond what fits. */
function toBigInt(value: number): bigint {
  const most = 2n ** 63n - 1n;
  if (Number.isNaN(value)) throw new RangeError('a whole number that is none');
  if (!Number.isFinite(value)) return value > 0 ? most : -most;
  const exact = BigInt(Math.trunc(value));
  return exact > most ? most : exact < -most ? -most : exact;
}

/** Row-major. Whole numbers beyond 2⁵³ lose their last digits, which only "to the end" ever has. */
export function numbersOf({ type, dims, bytes }: Constant): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: sizeOf(dims) }, (_, index) => read(view, type, index));
}

function read(view: DataView, type: ElementType, index: number): number {
  switch (type) {
    case 'float32':
      return view.getFloat32(index * 4, true);
    case 'int64':
      return Number(view.getBigInt64(index * 8, true));
    case 'int32':
      return view.getInt32(index * 4, true);
    case 'int8':
      return view.getInt8(index);
    case 'uint8':
    case 'bool':
      return view.getUint8(index);
  }
}
