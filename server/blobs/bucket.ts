/** What the store asks of an object store, in the words of Cloudflare R2; a binding of a Worker fits as it is. */
export interface Bucket {
  get(key: string): Promise<{ arrayBuffer(): Promise<ArrayBuffer> } | null>;
  /** Null when `onlyIf` did not hold and nothing was written. */
  put(
    key: string,
    value: Uint8Array,
    options?: { readonly onlyIf?: { readonly etagDoesNotMatch: string } },
  ): Promise<object | null>;
  delete(keys: string | string[]): Promise<void>;
  /** In the order of the keys, at most 1,000 at once. */
  list(options: {
    readonly prefix: string;
    readonly startAfter?: string;
    readonly cursor?: string;
  }): Promise<BucketPage>;
}

export interface BucketObject {
  readonly key: string;
  readonly size: number;
  readonly uploaded: Date;
}

export type BucketPage = { readonly objects: readonly BucketObject[] } & (
  | { readonly truncated: true; readonly cursor: string }
  | { readonly truncated: false }
);

export async function* listAll(
  bucket: Bucket,
  prefix: string,
  startAfter?: string,
): AsyncGenerator<BucketObject> {
  let page = await bucket.list({ prefix, ...(startAfter !== undefined && { startAfter }) });
  yield* page.objects;
  while (page.truncated) {
    page = await bucket.list({ prefix, cursor: page.cursor });
    yield* page.objects;
  }
}

export async function getBytes(bucket: Bucket, key: string): Promise<Uint8Array | undefined> {
  const object = await bucket.get(key);
  return object === null ? undefined : new Uint8Array(await object.arrayBuffer());
}
