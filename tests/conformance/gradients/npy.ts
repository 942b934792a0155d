import { readFileSync, writeFileSync } from 'node:fs';
import type { Tensor } from '../../../shared/model/session.ts';

/** NumPy's .npy files, version 1.0 and 2.0, little-endian float32 in C order. */

const magic = '\u0093NUMPY';

export function readNpy(path: string): Tensor {
  const bytes = readFileSync(path);
  if (bytes.toString('latin1', 0, 6) !== magic) throw new TypeError(`${path} is not an .npy file`);
  const isLong = bytes[6] === 2;
  const length = isLong ? bytes.readUInt32LE(8) : bytes.readUInt16LE(8);
  const start = (isLong ? 12 : 10) + length;
  const header = bytes.toString('latin1', isLong ? 12 : 10, start);
  if (!/'descr': '<f4'/.test(header) || !/'fortran_order': False/.test(header)) {
    throw new TypeError(`${path} is not float32 in C order: ${header.trim()}`);
  }
  const shape = /'shape': \(([^)]*)\)/.exec(header)?.[1] ?? '';
  const dims = shape.split(',').flatMap((each) => (each.trim() === '' ? [] : [Number(each)]));
  return { dims, data: new Float32Array(new Uint8Array(bytes.subarray(start)).buffer) };
}

export function writeNpy(path: string, { dims, data }: Tensor): void {
  const shape = dims.length === 1 ? `${dims[0]},` : dims.join(', ');
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape}), }`;
  const padding = 63 - ((10 + dictionary.length) % 64);
  const header = Buffer.alloc(10 + dictionary.length + padding + 1, ' ');
  header.write(magic, 0, 'latin1');
  header[6] = 1;
  header[7] = 0;
  header.writeUInt16LE(header.length - 10, 8);
  header.write(dictionary, 10, 'latin1');
  header[header.length - 1] = 10;
  writeFileSync(path, Buffer.concat([header, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)]));
}
