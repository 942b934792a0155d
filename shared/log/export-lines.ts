import { z } from 'zod';
import { toHex, utf8 } from '../kernel/bytes.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { Checkpoint, Placement, Receipt } from './checkpoint.ts';
import { Body, Entry, entryText, SignedHead } from './entry.ts';
import type { RunningHash } from './log-crypto.ts';
import { Epoch, Hash, PublicKey, RecordId } from './names.ts';

/**
 * A clinic's records as one text: JSON Lines (UTF-8, `\n` after every line), each line canonical JSON, in this order:
 *
 *   header · (checkpoint | entry)* · head* · receipt* · row* · end
 *
 * Entries stand in the hub's order. A checkpoint over `size` entries stands behind exactly so many; all that the hub ever
 * signed and still holds are there, of earlier epochs too, and the last one covers all entries. Heads name entries of this
 * file; checkpoints of one size in the order in which they were signed. Rows are the folded tables (`row` is the fold's
 * `Row`), sorted by table and then key in the order of UTF-16 code units.
 */

export const ExportHeader = z.strictObject({
  type: z.literal('fieldray-export'),
  format: z.literal(1),
  clinic: RecordId,
  /** The current one. */
  epoch: Epoch,
  /** With it the hub signs checkpoints and receipts and vouches for its chains. Only a key from elsewhere proves anything. */
  rootKey: PublicKey,
  program: z.string().max(100),
});
export type ExportHeader = z.infer<typeof ExportHeader>;

const ExportedEntry = z.strictObject({
  type: z.literal('entry'),
  entry: Entry,
  place: Placement,
  /** Null where the entry has none, and where it has been erased: then a `body.erased` of this log names its hash. */
  body: Body.omit({ bodyHash: true }).nullable(),
});
export type ExportedEntry = z.infer<typeof ExportedEntry>;

const ExportedCheckpoint = z.strictObject({ type: z.literal('checkpoint'), checkpoint: Checkpoint });
const ExportedHead = z.strictObject({ type: z.literal('head'), head: SignedHead });
const ExportedReceipt = z.strictObject({ type: z.literal('receipt'), receipt: Receipt });

const ExportedRow = z.strictObject({
  type: z.literal('row'),
  table: z.string().min(1).max(64),
  key: z.string().max(600),
  row: z.json(),
});
export type ExportedRow = z.infer<typeof ExportedRow>;

export const ExportEnd = z.strictObject({
  type: z.literal('end'),
  counts: z.strictObject({
    entries: z.int().nonnegative(),
    bodies: z.int().nonnegative(),
    checkpoints: z.int().nonnegative(),
    heads: z.int().nonnegative(),
    receipts: z.int().nonnegative(),
    rows: z.int().nonnegative(),
  }),
  /** Of every byte before this line. Anybody can compute it anew: it finds accidents, not intent. */
  sha256: Hash,
});
export type ExportEnd = z.infer<typeof ExportEnd>;
export type ExportCounts = ExportEnd['counts'];

/** What stands between header and end. */
export const ExportLine = z.discriminatedUnion('type', [
  ExportedEntry,
  ExportedCheckpoint,
  ExportedHead,
  ExportedReceipt,
  ExportedRow,
]);
export type ExportLine = z.infer<typeof ExportLine>;

/** Longer lines are never written: a row that is as full as can be, of the longest texts that its kinds allow. */
export const mostLineBytes = 32 * 1024 * 1024;

export const noCounts: ExportCounts = {
  entries: 0,
  bodies: 0,
  checkpoints: 0,
  heads: 0,
  receipts: 0,
  rows: 0,
};

/**
 * An entry's line without its line break: as `canonicalJson` of the whole, from parts that are quick to write.
 * @param text the entry's own, where it is known
 */
export function entryLineText(
  { entry, place, body }: Omit<ExportedEntry, 'type'>,
  text: string = entryText(entry),
): string {
  const { effTs, h, index, recvAt } = place;
  if (body?.text.isWellFormed() === false)
    throw new TypeError('a body with half a character has no canonical form');
  const bodyText = body === null ? 'null' : `{"salt":"${body.salt}","text":${JSON.stringify(body.text)}}`;
  const placeText = `{"effTs":${effTs},"h":"${h}","index":${index},"recvAt":${recvAt}}`;
  return `{"body":${bodyText},"entry":${text},"place":${placeText},"type":"entry"}`;
}

/** A line's text without its line break. */
export function lineText(line: ExportHeader | ExportLine | ExportEnd): string {
  return line.type === 'entry' ? entryLineText(line) : canonicalJson(line);
}

const countedAs = {
  entry: 'entries',
  checkpoint: 'checkpoints',
  head: 'heads',
  receipt: 'receipts',
  row: 'rows',
} as const satisfies Record<ExportLine['type'], keyof ExportCounts>;

/** Writes an export line by line; whoever calls keeps to the order above. */
export interface ExportWriter {
  /** The bytes of one line, to be sent before the next is asked for. */
  line(line: ExportLine): Uint8Array;
  /** The last line; without it a reader knows that something is missing. */
  end(): Uint8Array;
}

/** @returns the writer, and the bytes of the first line */
export function startExport(
  header: Omit<ExportHeader, 'type' | 'format'>,
  hash: RunningHash,
): { first: Uint8Array; writer: ExportWriter } {
  const counts = { ...noCounts };
  const bytesOf = (text: string): Uint8Array => {
    const bytes = utf8(`${text}\n`);
    hash.update(bytes);
    return bytes;
  };
  return {
    first: bytesOf(lineText({ type: 'fieldray-export', format: 1, ...header })),
    writer: {
      line(line) {
        counts[countedAs[line.type]]++;
        if (line.type === 'entry' && line.body !== null) counts.bodies++;
        return bytesOf(lineText(line));
      },
      end: () => utf8(`${lineText({ type: 'end', counts, sha256: toHex(hash.digest()) })}\n`),
    },
  };
}
