import { badBundle, type BundleHeader } from './bundle-records.ts';
import { type BundlePart, type BundleReadParts, type OpenFile, readBundle } from './read-bundle.ts';

/** A bundle that was read once from its beginning to the signature at its end. */
export interface CheckedBundle {
  readonly header: BundleHeader;
  readonly entries: number;
  readonly pictures: number;
  /** Reads it again. @throws AppError `bundle.altered` where it is another one by now */
  parts(): AsyncGenerator<BundlePart>;
}

/**
 * Reads all of it before anything is taken: the signature stands at the end, and of a file that was cut short or altered
 * anywhere nothing is used.
 * @param tell how many bytes were read, both times together
 * @throws AppError `bundle.*`
 */
export async function checkBundle(
  open: OpenFile,
  read: BundleReadParts,
  tell: (bytes: number) => void = () => undefined,
): Promise<CheckedBundle> {
  let bytes = 0;
  async function* told(): AsyncGenerator<Uint8Array> {
    for await (const piece of open()) {
      tell((bytes += piece.length));
      yield piece;
    }
  }
  let header: BundleHeader | undefined;
  let counts: { readonly entries: number; readonly pictures: number } | undefined;
  for await (const part of readBundle(told, read)) {
    if (part.kind === 'header') ({ header } = part);
    if (part.kind === 'end') counts = part;
  }
  if (header === undefined || counts === undefined) throw badBundle('no end');
  const { entries, pictures } = counts;
  const { device, key, madeAt } = header;
  return {
    header,
    entries,
    pictures,
    async *parts() {
      for await (const part of readBundle(told, read)) {
        const isSame =
          part.kind !== 'header' ||
          (part.header.device === device && part.header.key === key && part.header.madeAt === madeAt);
        if (!isSame) throw badBundle('another file than before');
        yield part;
      }
    },
  };
}
