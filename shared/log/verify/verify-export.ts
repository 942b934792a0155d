import { AppError } from '../../kernel/errors.ts';
import { equalBytes, fromBase64Url, fromHex } from '../../kernel/bytes.ts';
import type { Receipt } from '../checkpoint.ts';
import {
  type ExportCounts,
  type ExportEnd,
  type ExportedEntry,
  ExportHeader,
  type ExportLine,
  lineText,
  mostLineBytes,
  noCounts,
} from '../export-lines.ts';
import type { LogCrypto, RunningHash } from '../log-crypto.ts';
import { collectTargets } from './collect-targets.ts';
import { createEntryCheck } from './entry-check.ts';
import { createFindings } from './findings.ts';
import { checkHead, reportUnsigned } from './head-check.ts';
import { createKnownEntries } from './known-entries.ts';
import { limitsOf } from './limits.ts';
import { parseLine } from './parse-line.ts';
import { type Line, readLines } from './read-lines.ts';
import { checkReceipt } from './receipt-check.ts';
import { createReplay } from './replay.ts';
import type { VerifyReport } from './report.ts';
import { createRowCheck, type RowCheck } from './row-check.ts';
import { createSignatureChecks } from './signature-checks.ts';
import { createTreeCheck } from './tree-check.ts';

export type VerifyCrypto = LogCrypto & { startSha256(): RunningHash };

/** A receipt that a device or a person kept; null where the file holds none. */
export interface GivenReceipt {
  readonly name: string;
  readonly receipt: Receipt | null;
}

export interface VerifyInput {
  /** The bytes of the export, from the beginning; asked for twice. Chunks of a megabyte are best. */
  open(): AsyncIterable<Uint8Array>;
  /** Root keys of the hub, base64url, that came from elsewhere than the export. */
  readonly pinnedKeys?: readonly string[];
  readonly receipts?: readonly GivenReceipt[];
}

type SignedLine = Exclude<ExportLine, { type: 'entry' | 'row' }>;

/** In which part of the file a line stands. */
const phases = { entry: 0, checkpoint: 0, head: 1, receipt: 2, row: 3, end: 4 } as const;
const countOf = {
  entry: 'entries',
  checkpoint: 'checkpoints',
  head: 'heads',
  receipt: 'receipts',
  row: 'rows',
} as const satisfies Record<ExportLine['type'], keyof ExportCounts>;

/**
 * Judges an export offline: from the file, and keys and receipts from elsewhere, nothing else.
 * @throws AppError `log.unreadable` for a file that does not begin like an export
 */
export async function verifyExport(input: VerifyInput, crypto: VerifyCrypto): Promise<VerifyReport> {
  const targets = await collectTargets(input.open());
  const hash = crypto.startSha256();
  const batches = readLines(input.open(), hash, mostLineBytes);
  const opening = await batches.next();
  const [first, ...others] = opening.done === true ? [] : opening.value;
  const { header, isCanonical } = headerOf(first);

  const { clinic } = header;
  const rootKey = fromBase64Url(header.rootKey);
  const findings = createFindings();
  const signatures = createSignatureChecks();
  const known = createKnownEntries();
  const tree = createTreeCheck({ clinic, rootKey, currentEpoch: header.epoch }, crypto, findings, signatures);
  const entries = createEntryCheck({ clinic, known, tree, findings, erasedNames: targets.bodies }, crypto);
  const replay = createReplay(rootKey, targets.entries, crypto);
  const receiptParts = { clinic, rootKey, known, tree, findings, signatures };
  const counts = { ...noCounts };
  let phase = 0;
  let rows: RowCheck | undefined;
  let end: { readonly line: number; readonly said: ExportEnd } | undefined;
  let isCutOff = true;

  const { pinnedKeys } = input;
  if (pinnedKeys !== undefined && !pinnedKeys.includes(header.rootKey)) {
    findings.add({ code: 'keys.other', line: 1 });
  }

  const lose = (line: number): undefined => {
    if (phase === 0) {
      findings.add({ code: 'line.broken', line, index: known.size });
      entries.lose(line);
    } else findings.add({ code: 'line.broken', line });
  };

  /** Waits for nothing but signatures: a promise for each of a million lines costs more than reading it. */
  function take({ number, text, tooLong, ended }: Line): Promise<void> | undefined {
    if (end !== undefined) {
      if (!isCutOff) findings.add({ code: 'file.after-end', line: number });
      isCutOff = true;
      return undefined;
    }
    if (tooLong) findings.add({ code: 'line.too-long', line: number });
    const parsed = text === null || !ended ? undefined : parseLine(text);
    if (parsed === undefined) return lose(number);
    if (parsed.type === 'end') {
      end = { line: number, said: parsed.end };
      isCutOff = false;
    }
    if (!parsed.isCanonical) {
      findings.add({
        code: 'line.altered',
        line: number,
        ...(parsed.type === 'entry' && { index: known.size }),
      });
    }
    const type = parsed.type === 'other' ? parsed.line.type : parsed.type;
    if (phases[type] < phase) {
      findings.add({ code: 'line.order', line: number });
      return undefined;
    }
    phase = phases[type];
    if (type !== 'end') counts[countOf[type]]++;
    switch (parsed.type) {
      case 'entry':
        return takeEntry(parsed.line, parsed.entryText, number);
      case 'row':
        rows ??= createRowCheck(replay.rows(), findings);
        rows.check(parsed.row, number);
        return undefined;
      case 'other':
        return takeSigned(parsed.line, number);
      case 'end':
        return undefined;
    }
  }

  function takeEntry(line: ExportedEntry, text: string, number: number): Promise<void> | undefined {
    const { entry, place, body } = line;
    if (body !== null) counts.bodies++;
    const where = { line: number, index: known.size, h: place.h, device: entry.device, n: entry.n };
    entries.check(line, text, number);
    const fold = (vouched: boolean): void => {
      if (!replay.add(entry, place, body, vouched)) findings.add({ code: 'entry.unfoldable', ...where });
    };
    if (entry.kind === 'device.enrolled') return replay.vouch(entry, body).then(fold);
    fold(false);
    return undefined;
  }

  async function takeSigned(line: SignedLine, number: number): Promise<void> {
    switch (line.type) {
      case 'checkpoint':
        return tree.checkpoint(line.checkpoint, number);
      case 'head':
        return checkHead(line.head, number, receiptParts, crypto);
      case 'receipt':
        return checkReceipt(line.receipt, { line: number }, receiptParts, crypto);
    }
  }

  if (!isCanonical) findings.add({ code: 'line.altered', line: 1 });
  const takeAll = async (lines: readonly Line[]): Promise<void> => {
    for (const line of lines) {
      const wait = take(line);
      if (wait !== undefined) await wait;
    }
  };
  await takeAll(others);
  for await (const lines of batches) await takeAll(lines);

  if (end === undefined) {
    findings.add({ code: 'file.cut-off', ...(phase === 0 ? { index: known.size } : {}) });
  } else if (!isCutOff) {
    const { line, said } = end;
    const isCounted = Object.entries(said.counts).every(
      ([name, count]) => counts[name as keyof ExportCounts] === count,
    );
    if (!isCounted) findings.add({ code: 'file.counts', line });
    if (!equalBytes(hash.digest(), fromHex(said.sha256))) findings.add({ code: 'file.hash', line });
  }

  for (const { name, receipt } of input.receipts ?? []) {
    if (receipt === null) findings.add({ code: 'receipt.broken', about: name });
    else await checkReceipt(receipt, { about: name }, receiptParts, crypto);
  }
  await signatures.settle();
  reportUnsigned(known, findings);
  tree.finish();
  for (const { bodyHash, finding } of entries.absentBodies()) {
    if (!replay.isErased(bodyHash)) findings.add({ code: 'body.missing', ...finding });
  }
  for (const bodyHash of targets.bodies) {
    const where = entries.findPresent(bodyHash);
    if (where !== undefined && replay.isErased(bodyHash)) findings.add({ code: 'body.not-erased', ...where });
  }
  (rows ?? createRowCheck(replay.rows(), findings)).finish();

  return {
    verdict: findings.count() === 0 ? 'sound' : 'not-sound',
    keysPinned: pinnedKeys !== undefined,
    clinic,
    epoch: header.epoch,
    rootKey: header.rootKey,
    counts: { ...counts, devices: known.devices, givenReceipts: input.receipts?.length ?? 0 },
    firstBad: findings.firstBad(),
    findings: findings.list(),
    findingsInAll: findings.count(),
    forks: known.forks(),
    notes: {
      restores: Math.max(0, tree.epochs - 1),
      seenBeforeRestore: tree.lostClaims,
      erased: entries.absentBodies().length,
      hubChains: replay.vouchedChains,
      unvouchedHubs: replay.unvouchedHubs(),
    },
    limits: limitsOf({ keysPinned: pinnedKeys !== undefined, receipts: input.receipts?.length ?? 0 }),
  };
}

function headerOf(line: Line | undefined): { header: ExportHeader; isCanonical: boolean } {
  try {
    if (line === undefined || line.text === null || !line.ended)
      throw new TypeError('there is no first line');
    const header = ExportHeader.parse(JSON.parse(line.text));
    return { header, isCanonical: lineText(header) === line.text };
  } catch (cause) {
    throw new AppError('log.unreadable', 'the first line is not the beginning of an export', { cause });
  }
}
