import { concatBytes, equalBytes, fromHex } from '../../kernel/bytes.ts';
import { AppError } from '../../kernel/errors.ts';
import { checkCheckpoint } from '../check-checkpoint.ts';
import type { BlobRef, DeviceIdentity, DeviceStore } from '../device-store.ts';
import type { LogCrypto } from '../log-crypto.ts';
import { badBundle, type BundleGroup, type BundleHeader } from './bundle-records.ts';
import type { CheckedBundle } from './check-bundle.ts';
import { checkGroup } from './check-group.ts';

/** Pictures of a device. */
export interface BundlePictures {
  has(blob: BlobRef): Promise<boolean>;
  /** @param speakOf says that it belongs here; until then nothing does, and it must not be swept away */
  keep(blob: BlobRef, bytes: Uint8Array, speakOf: () => Promise<void>): Promise<void>;
}

export interface BundleTaken {
  readonly entries: {
    /** That were not here before. */
    readonly fresh: number;
    readonly known: number;
    /** Left out: what they stand on is not here yet. Taken again after the next meeting with the hub, they fit. */
    readonly orphans: number;
    /** Not what their author signed. */
    readonly refused: number;
  };
  readonly pictures: {
    readonly fresh: number;
    readonly known: number;
    /** Not the ones that they were announced as, or not whole. */
    readonly refused: number;
  };
}

export interface TakingParts {
  readonly store: DeviceStore;
  readonly pictures: BundlePictures;
  readonly crypto: LogCrypto;
}

/**
 * Takes a bundle in at a device. Any number of times, in any order: what is here already is not taken twice. Entries are shown
 * at once, and go to the hub with the next sync; the hub judges who was allowed to write them.
 * @throws AppError `bundle.revoked-maker` where this device knows that the maker was shut out; `storage.*` in the middle: then
 * what was taken stays, and the next time goes on
 */
export async function takeBundle(bundle: CheckedBundle, parts: TakingParts): Promise<BundleTaken> {
  const { store, crypto } = parts;
  const { header } = bundle;
  const maker = await store.row('devices', header.device);
  if (maker?.clear.revoked === true) throw new AppError('bundle.revoked-maker', header.device);
  const { identity } = await store.state();
  const epoch = await provenEpoch(header, identity, crypto);
  const entries = { fresh: 0, known: 0, orphans: 0, refused: 0 };
  const pictures = { fresh: 0, known: 0, refused: 0 };

  async function takeGroup(group: BundleGroup): Promise<void> {
    const { refused, ...checked } = await checkGroup(group, identity, crypto);
    const outcome = await store.carry({ ...checked, blobs: [], epoch });
    entries.fresh += outcome.fresh;
    entries.known += outcome.known;
    entries.orphans += outcome.orphans;
    entries.refused += refused;
  }

  async function takePicture(blob: BlobRef, pieces: readonly Uint8Array[]): Promise<void> {
    const bytes = concatBytes(...pieces);
    if (!equalBytes(crypto.sha256(bytes), fromHex(blob.sha256))) {
      pictures.refused++;
      return;
    }
    await parts.pictures.keep(blob, bytes, async () => {
      await store.carry({ entries: [], heads: [], blobs: [blob], epoch: null });
    });
    pictures.fresh++;
  }

  /** Undefined for one that is here already. */
  let current: { readonly blob: BlobRef; readonly pieces: Uint8Array[] | undefined } | undefined;
  for await (const part of bundle.parts()) {
    switch (part.kind) {
      case 'group':
        await takeGroup(part.group);
        break;
      case 'picture': {
        const isHere = await parts.pictures.has(part.blob);
        current = { blob: part.blob, pieces: isHere ? undefined : [] };
        break;
      }
      case 'piece':
        current?.pieces?.push(part.bytes);
        break;
      case 'picture-end':
        if (current === undefined) throw badBundle('a picture without its beginning');
        if (current.pieces === undefined) pictures.known++;
        else if (part.isWhole) await takePicture(current.blob, current.pieces);
        else pictures.refused++;
        current = undefined;
        break;
      case 'header':
      case 'end':
        break;
    }
  }
  return { entries, pictures };
}

/** The epoch in which the maker's places can be relied on: that of a tree which the hub has signed. */
async function provenEpoch(
  { witness }: BundleHeader,
  identity: DeviceIdentity,
  crypto: LogCrypto,
): Promise<string | null> {
  if (witness === null) return null;
  try {
    await checkCheckpoint(witness, identity, crypto);
    return witness.epoch;
  } catch (error) {
    if (error instanceof AppError && error.code === 'log.hub-inconsistent') return null;
    throw error;
  }
}
