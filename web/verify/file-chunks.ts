/** Small enough that the page answers between two of them. */
const chunkBytes = 256 * 1024;

/** @param passed how much was read, after each chunk */
export async function* fileChunks(
  file: File,
  passed: (bytes: number) => void,
): AsyncGenerator<Uint8Array, void, void> {
  for (let at = 0; at < file.size; at += chunkBytes) {
    yield new Uint8Array(await file.slice(at, at + chunkBytes).arrayBuffer());
    passed(at + chunkBytes);
    // A turn of the event loop, so that keys and pointer are heard.
    await new Promise((resolve) => setTimeout(resolve));
  }
}
