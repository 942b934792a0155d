import { create, toBinary } from '@bufbuild/protobuf';
import { AppError } from '../../kernel/errors.ts';
import { bytesPerElement, constantOf } from '../constants.ts';
import { type Constant, type ElementType, sizeOf } from '../graph.ts';
import { type TensorProto, TensorProtoSchema } from './onnx-pb.ts';

/** TensorProto.DataType of the standard ↔ the types of a graph. */
const typeOfCode = new Map<number, ElementType>([
  [1, 'float32'],
  [2, 'uint8'],
  [3, 'int8'],
  [6, 'int32'],
  [7, 'int64'],
  [9, 'bool'],
  [10, 'float32'],
  [11, 'float32'],
]);
const codeOfType = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9 } as const;
const half = 10;
const double = 11;
/** DataLocation.EXTERNAL */
const external = 1;

/** @throws AppError `onnx.unsupported` for text, complex numbers and the like */
export function elementType(code: number, what: string): ElementType {
  const type = typeOfCode.get(code);
  if (type === undefined) {
    throw new AppError('onnx.unsupported', `${what} has the element type ${code}, which is not supported`);
  }
  return type;
}

export const elementCode = (type: ElementType): number => codeOfType[type];

/** @throws AppError `onnx.external-data`, `onnx.damaged`, `onnx.unsupported` */
export function readTensor(proto: TensorProto): Constant {
  const what = `tensor ${proto.name}`;
  if (proto.dataLocation === external || proto.externalData.length > 0) {
    throw new AppError('onnx.external-data', `${what} lies in another file`);
  }
  const type = elementType(proto.dataType, what);
  const dims = proto.dims.map(Number);
  const size = sizeOf(dims);
  if (!Number.isSafeInteger(size) || dims.some((dim) => dim < 0)) {
    throw new AppError('onnx.damaged', `${what} has the shape ${dims.join('×')}`);
  }
  const values = widened(proto) ?? listed(proto);
  if (values !== undefined) {
    if (values.length !== size) throw wrongLength(what, size, values.length);
    return constantOf(type, dims, values);
  }
  const length = size * bytesPerElement[type];
  if (proto.rawData.length !== length) throw wrongLength(what, length, proto.rawData.length);
  return { type, dims, bytes: proto.rawData };
}

export function writeTensor(name: string, { type, dims, bytes }: Constant): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dims: dims.map(BigInt),
    dataType: elementCode(type),
    rawData: bytes,
  });
}

/** The bytes of a TensorProto but its values. */
export function tensorHead(name: string, { type, dims }: Constant): Uint8Array {
  const head = { name, dims: dims.map(BigInt), dataType: elementCode(type) };
  return toBinary(TensorProtoSchema, create(TensorProtoSchema, head));
}

const wrongLength = (what: string, expected: number, found: number): AppError =>
  new AppError('onnx.damaged', `${what} should have ${expected} values or bytes and has ${found}`);

/** Half and double precision, as raw bytes. */
function widened({ dataType, rawData }: TensorProto): Float64Array | undefined {
  if (rawData.length === 0 || (dataType !== half && dataType !== double)) return undefined;
  const view = new DataView(rawData.buffer, rawData.byteOffset, rawData.byteLength);
  const width = dataType === half ? 2 : 8;
  const values = new Float64Array(Math.floor(rawData.length / width));
  for (let index = 0; index < values.length; index += 1) {
    values[index] =
      dataType === half ? halfToNumber(view.getUint16(index * 2, true)) : view.getFloat64(index * 8, true);
  }
  return values;
}

/** Values that are written one by one instead of as bytes. */
function listed(proto: TensorProto): ArrayLike<number> | undefined {
  if (proto.rawData.length > 0) return undefined;
  if (proto.floatData.length > 0) return proto.floatData;
  if (proto.doubleData.length > 0) return proto.doubleData;
  if (proto.int64Data.length > 0) return proto.int64Data.map(Number);
  if (proto.int32Data.length > 0) {
    return proto.dataType === half ? proto.int32Data.map(halfToNumber) : proto.int32Data;
  }
  return [];
}

/** IEEE 754 binary16. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
