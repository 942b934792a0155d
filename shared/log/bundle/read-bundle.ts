import type { z } from 'zod';
import { fromBase64Url } from '../../kernel/bytes.ts';
import type { BlobRef } from '../device-store.ts';
import { deviceIdOf } from '../entry.ts';
import type { LogCrypto } from '../log-crypto.ts';
import type { OpenBundleCipher } from './bundle-cipher.ts';
import {
  badBundle,
  BundleEnd,
  BundleGroup,
  BundleHeader,
  bundleMessage,
  BundlePicture,
  type BundleRecord,
  digestWith,
  mostInGroup,
  readRecords,
  recordTypes,
} from './bundle-records.ts';
import { cipherOf, type Prelude, readPrelude } from './prelude.ts';
import { openChunks } from './sealed-chunks.ts';

/** A bundle's file, from its beginning each time that it is asked for. */
export type OpenFile = () => AsyncIterable<Uint8Array>;

export interface BundleReadParts {
  readonly crypto: LogCrypto;
  readonly openCipher: OpenBundleCipher;
  /** The secret of the key that it names. @throws AppError `bundle.other-clinic`, `bundle.no-key` */
  readonly secretFor: (prelude: Pick<Prelude, 'clinic' | 'key'>) => Promise<string>;
}

export type BundlePart =
  | { readonly kind: 'header'; readonly header: BundleHeader }
  | { readonly kind: 'group'; readonly group: BundleGroup }
  | { readonly kind: 'picture'; readonly blob: BlobRef }
  /** Of the picture before it; together they are as long as that says, unless it is broken. */
  | { readonly kind: 'piece'; readonly bytes: Uint8Array }
  | { readonly kind: 'picture-end'; readonly isWhole: boolean }
  | { readonly kind: 'end'; readonly entries: number; readonly pictures: number };

/**
 * What a bundle holds, in its order; the last part comes once the maker's signature over all of it was checked.
 * @throws AppError `bundle.*`: what came before it is nobody's word
 */
export async function* readBundle(open: OpenFile, parts: BundleReadParts): AsyncGenerator<BundlePart> {
  const { crypto, openCipher, secretFor } = parts;
  const { rest, ...line } = await readPrelude(open(), crypto);
  const cipher = await cipherOf(line, await secretFor(line.prelude), openCipher);
  const counts = { entries: 0, pictures: 0 };
  let { digest } = line;
  let header: BundleHeader | undefined;
  /** The bytes that are still to come of a picture. */
  let missing = 0;
  let isInPictures = false;
  let hasEnded = false;
  for await (const record of readRecords(openChunks(rest, cipher))) {
    const before = digest;
    digest = digestWith(digest, record, crypto);
    const { type, content } = record;
    if (hasEnded || (header === undefined) !== (type === recordTypes.header)) throw badBundle('out of order');
    if (missing > 0 && type !== recordTypes.piece && type !== recordTypes.broken) throw badBundle('a gap');
    switch (type) {
      case recordTypes.header:
        header = parsed(BundleHeader, record);
        checkMaker(header, line.prelude, crypto);
        yield { kind: 'header', header };
        break;
      case recordTypes.group: {
        if (isInPictures) throw badBundle('entries behind pictures');
        const group = parsed(BundleGroup, record);
        if (group.entries.length > mostInGroup) throw badBundle('too many entries');
        counts.entries += group.entries.length;
        yield { kind: 'group', group };
        break;
      }
      case recordTypes.picture: {
        isInPictures = true;
        const blob = parsed(BundlePicture, record);
        missing = blob.bytes;
        yield { kind: 'picture', blob };
        break;
      }
      case recordTypes.piece:
        if (content.length === 0 || content.length > missing) throw badBundle('more than a picture has');
        missing -= content.length;
        yield { kind: 'piece', bytes: content };
        if (missing > 0) break;
        counts.pictures++;
        yield { kind: 'picture-end', isWhole: true };
        break;
      case recordTypes.broken:
        if (missing === 0) throw badBundle('a picture that ends twice');
        missing = 0;
        yield { kind: 'picture-end', isWhole: false };
        break;
      case recordTypes.end:
        hasEnded = true;
        await checkEnd(parsed(BundleEnd, record), { header: header!, digest: before, counts }, crypto);
        break;
      default:
        throw badBundle(`a record of type ${type}`);
    }
  }
  if (!hasEnded) throw badBundle('no signature');
  yield { kind: 'end', ...counts };
}

function parsed<Value>(schema: z.ZodType<Value>, { content }: BundleRecord): Value {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content));
  } catch {
    throw badBundle('a record that is no JSON');
  }
  const result = schema.safeParse(value);
  if (!result.success) throw badBundle(result.error.message);
  return result.data;
}

function checkMaker({ clinic, device, key }: BundleHeader, prelude: Prelude, crypto: LogCrypto): void {
  if (clinic !== prelude.clinic) throw badBundle('a header of another clinic');
  if (deviceIdOf(fromBase64Url(key), crypto) !== device) throw badBundle('a maker with the key of another');
}

async function checkEnd(
  end: z.infer<typeof BundleEnd>,
  read: {
    readonly header: BundleHeader;
    readonly digest: Uint8Array;
    readonly counts: { readonly entries: number; readonly pictures: number };
  },
  crypto: LogCrypto,
): Promise<void> {
  const { header, digest, counts } = read;
  if (end.entries !== counts.entries || end.pictures !== counts.pictures) throw badBundle('wrong counts');
  const message = bundleMessage(header, digest, counts);
  if (!(await crypto.verify(fromBase64Url(header.key), fromBase64Url(end.sig), message)))
    throw badBundle('not signed by its maker');
}
