import type { ExportCounts } from '../export-lines.ts';

/** What the verifier says of an export. */

/** Everything that can be wrong; the sentence is for a person who wants to know whether the records can be believed. */
export const findingTexts = {
  'line.broken': 'This line cannot be read.',
  'line.altered': 'This line is not written as the program writes it.',
  'line.order': 'This line stands where it does not belong.',
  'line.too-long': 'This line is longer than any that the program writes.',
  'file.cut-off': 'The file ends too early.',
  'file.after-end': 'Something stands behind the end.',
  'file.counts': 'The file does not hold as many lines as its end says.',
  'file.hash': 'The file is not the one that was written: its checksum differs.',
  'keys.other': 'Another hub wrote this: its key is not the one you trust.',
  'entry.place': 'A record is missing here, or records were exchanged.',
  'entry.hash': 'This record was altered: it does not match its name.',
  'entry.twice': 'This record stands in the order twice.',
  'entry.clinic': 'This record belongs to another clinic.',
  'entry.time': 'The time of this record is not the one that follows from what its device and the hub noted.',
  'entry.unsigned': 'No device signed for this record.',
  'entry.unfoldable': 'What this record says cannot be taken into account.',
  'chain.parent': 'The record before this one, of the same device, is missing.',
  'chain.number': 'This record does not follow the number of the record before it.',
  'body.altered': 'What this record says was altered.',
  'body.unexpected': 'This record says something although it was written without content.',
  'body.missing': 'What this record says is missing, and nobody erased it.',
  'body.lost': 'What this record says is missing, and records of this kind are never erased.',
  'body.not-erased': 'What this record says was erased, and is here all the same.',
  'head.signature': 'The signature of the device for this record is wrong.',
  'head.lost': 'A device signed for a record that is not here.',
  'head.other': 'A device signed for a record of another device or number.',
  'checkpoint.signature': 'The signature of the hub under this checkpoint is wrong.',
  'checkpoint.clinic': 'This checkpoint belongs to another clinic.',
  'checkpoint.place': 'This checkpoint does not stand behind as many records as it covers.',
  'checkpoint.epoch': 'This checkpoint belongs to a life of the hub that was over, or not yet begun.',
  'tree.root': 'The records are not those, or not in the order, that the hub signed.',
  'tree.uncovered': 'No checkpoint of the hub covers the records from here on.',
  'witness.future':
    'A device saw more records than the hub held at that time: records are missing before this one.',
  'witness.unknown': 'A device saw a checkpoint that is not here.',
  'witness.other': 'A device saw other records, or another order, than those here.',
  'receipt.broken': 'This receipt cannot be read.',
  'receipt.signature': 'The signature of the hub under this receipt is wrong.',
  'receipt.clinic': 'This receipt belongs to another clinic.',
  'receipt.lost': 'The hub gave a receipt for a record that is not here.',
  'receipt.other': 'The hub gave a receipt for another place or time of this record.',
  'receipt.checkpoint': 'The hub gave a receipt for other records, or another order, than those here.',
  'row.order': 'The tables are not in their order.',
  'row.altered': 'This row of a table says something else than the records.',
  'row.unknown': 'No record speaks of this row of a table.',
  'row.missing': 'A row that follows from the records is missing.',
} as const satisfies Record<string, string>;

export type FindingCode = keyof typeof findingTexts;

export interface Finding {
  readonly code: FindingCode;
  /** In the file, from 1; absent for what concerns no line. */
  readonly line?: number;
  /** Place of the record in the file's order, from 0. */
  readonly index?: number;
  /** The evidence goes no further than this: the bad record is one of `index` to `before` − 1. */
  readonly before?: number;
  readonly h?: string;
  readonly device?: string;
  readonly n?: number;
  /** A row's table and key, a receipt's file. */
  readonly about?: string;
}

/** The first record that is not as it was, as near as the evidence comes. */
export interface FirstBad {
  readonly index: number;
  /** Where the evidence names a stretch only: it ends before this place. */
  readonly before?: number;
  readonly h?: string;
  readonly device?: string;
  readonly n?: number;
}

/** Two or more records that follow the same one: a device was restored from a copy. All are kept. */
export interface Fork {
  readonly device: string;
  readonly n: number;
  readonly hs: readonly string[];
}

/** What is no fault, and still to be known. */
export interface Notes {
  /** How often the hub was restored from a copy. */
  readonly restores: number;
  /** Records whose author had seen an order of the hub that was lost in a restore. */
  readonly seenBeforeRestore: number;
  /** Contents that were erased, as the log says. */
  readonly erased: number;
  /** Chains of the hub that the root key vouches for. */
  readonly hubChains: number;
  /** Devices that claim to be the hub without its root key; nothing that only the hub may write counts from them. */
  readonly unvouchedHubs: readonly string[];
}

export interface VerifyReport {
  readonly verdict: 'sound' | 'not-sound';
  /** Whether the hub's key was compared with one that came from elsewhere. */
  readonly keysPinned: boolean;
  readonly clinic: string;
  readonly epoch: string;
  readonly rootKey: string;
  readonly counts: ExportCounts & { readonly devices: number; readonly givenReceipts: number };
  readonly firstBad: FirstBad | null;
  /** In the order of the records; of a kind that occurs often, the first ones. */
  readonly findings: readonly Finding[];
  readonly findingsInAll: number;
  readonly forks: readonly Fork[];
  readonly notes: Notes;
  /** What this verdict cannot say, in whole sentences. */
  readonly limits: readonly string[];
}
