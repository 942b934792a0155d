import { open } from 'node:fs/promises';
import type { ByteSource } from '../../shared/imaging/archive/byte-source.ts';

/** A file on the disk, open until it is disposed of. @throws what the operating system says of it */
export async function openFileSource(path: string): Promise<ByteSource & AsyncDisposable> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    return {
      size,
      async read(offset, length) {
        const wanted = Math.max(0, Math.min(length, size - offset));
        const { buffer, bytesRead } = await file.read(new Uint8Array(wanted), 0, wanted, offset);
        return buffer.subarray(0, bytesRead);
      },
      [Symbol.asyncDispose]: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}
