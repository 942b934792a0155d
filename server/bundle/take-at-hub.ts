import { AppError } from '../../shared/kernel/errors.ts';
import { badBundle, type BundleGroup } from '../../shared/log/bundle/bundle-records.ts';
import { type CheckedBundle, checkBundle } from '../../shared/log/bundle/check-bundle.ts';
import type { BundleReadParts, OpenFile } from '../../shared/log/bundle/read-bundle.ts';
import type { Checkpoint, Receipt } from '../../shared/log/checkpoint.ts';
import { syncProtocol } from '../../shared/log/exchange.ts';
import type { BlobStore } from '../blobs/blob-store-api.ts';
import type { HubLog, Member } from '../store/hub-log-api.ts';
import { type PictureSink, pictureSink } from './take-picture.ts';

export interface TakenAtHub {
  readonly clinic: string;
  /** Who made it. */
  readonly device: string;
  readonly madeAt: number;
  /** `stored`: the hub has them, whether they were new or not. */
  readonly entries: { readonly stored: number; readonly orphans: number; readonly refused: number };
  readonly pictures: {
    readonly fresh: number;
    readonly known: number;
    readonly refused: number;
    readonly later: number;
  };
  /** For whoever made it, so that its outbox empties. */
  readonly receipts: readonly Receipt[];
}

export interface HubTakingParts extends BundleReadParts {
  readonly hubLog: Pick<HubLog, 'push' | 'append' | 'deviceOf'>;
  readonly blobs: Pick<BlobStore, 'begin' | 'append'>;
}

/**
 * Takes a bundle in at the hub, group by group as pushes of the device that made it: with the rights that it has now, and to the
 * same end as if it had pushed. Any number of times, in any order.
 * @throws AppError `bundle.*`, with nothing taken; `storage.*` in the middle: the next time goes on
 */
export async function takeAtHub(open: OpenFile, parts: HubTakingParts): Promise<TakenAtHub> {
  const { hubLog } = parts;
  const bundle = await checkBundle(open, parts);
  const { clinic, device, madeAt, witness } = bundle.header;
  const known = await hubLog.deviceOf(clinic, device);
  if (known === undefined) throw new AppError('bundle.unknown-maker', device);
  if (known.revoked) throw new AppError('bundle.revoked-maker', device);
  const member: Member = { clinic, userId: 'hub', role: 'admin', device };
  const entries = { stored: 0, orphans: 0, refused: 0 };
  const receipts: Receipt[] = [];

  async function push(group: BundleGroup, verified: Checkpoint | null): Promise<void> {
    const answer = await hubLog.push(member, {
      protocol: syncProtocol,
      epoch: null,
      entries: group.entries.map(({ entry }) => entry),
      heads: group.heads,
      bodies: group.bodies,
      verified,
    });
    entries.stored += answer.stored.length;
    entries.refused += answer.rejected.length;
    entries.orphans += group.entries.length - answer.stored.length - answer.rejected.length;
    if (answer.receipt !== undefined) receipts.push(answer.receipt);
  }

  const pictures = await takeParts(bundle, (group) => push(group, witness), {
    clinic,
    blobs: parts.blobs,
  });
  const counts = { stored: entries.stored, refused: entries.refused, pictures: pictures.fresh };
  await hubLog.append(clinic, [
    { kind: 'audit.bundle-taken', entity: device, actor: 'hub', body: { at: madeAt, counts } },
  ]);
  return { clinic, device, madeAt, entries, pictures, receipts };
}

async function takeParts(
  bundle: CheckedBundle,
  push: (group: BundleGroup) => Promise<void>,
  { clinic, blobs }: { readonly clinic: string; readonly blobs: HubTakingParts['blobs'] },
): Promise<TakenAtHub['pictures']> {
  const pictures = { fresh: 0, known: 0, refused: 0, later: 0 };
  let sink: PictureSink | undefined;
  for await (const part of bundle.parts()) {
    switch (part.kind) {
      case 'group':
        await push(part.group);
        break;
      case 'picture':
        sink = await pictureSink(blobs, clinic, part.blob);
        break;
      case 'piece':
        await sink?.piece(part.bytes);
        break;
      case 'picture-end':
        if (sink === undefined) throw badBundle('a picture without its beginning');
        pictures[await sink.end(part.isWhole)]++;
        break;
      case 'header':
      case 'end':
        break;
    }
  }
  return pictures;
}
