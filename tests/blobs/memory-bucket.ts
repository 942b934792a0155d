import type { Bucket, BucketObject } from '../../server/blobs/bucket.ts';

/** An object store in memory, with small pages so that every listing has several. */
export function memoryBucket(
  now: () => number,
  pageSize = 3,
): Bucket & { readonly objects: Map<string, Uint8Array> } {
  const objects = new Map<string, Uint8Array>();
  const uploaded = new Map<string, Date>();
  return {
    objects,
    async get(key) {
      const bytes = objects.get(key);
      return bytes === undefined ? null : { arrayBuffer: async () => new Uint8Array(bytes).buffer };
    },
    async put(key, value, options) {
      if (options?.onlyIf?.etagDoesNotMatch === '*' && objects.has(key)) return null;
      objects.set(key, new Uint8Array(value));
      uploaded.set(key, new Date(now()));
      return {};
    },
    async delete(keys) {
      for (const key of [keys].flat()) objects.delete(key);
    },
    async list({ prefix, startAfter = '', cursor = startAfter }) {
      const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > cursor).toSorted();
      const page = keys
        .slice(0, pageSize)
        .map((key): BucketObject => ({ key, size: objects.get(key)!.length, uploaded: uploaded.get(key)! }));
      const last = page.at(-1)?.key;
      return keys.length > pageSize && last !== undefined
        ? { objects: page, truncated: true, cursor: last }
        : { objects: page, truncated: false };
    },
  };
}
