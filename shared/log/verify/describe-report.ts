import { type Finding, findingTexts, type FirstBad, type VerifyReport } from './report.ts';

/** A report in sentences, for the terminal and for the page. */

export interface DescribedReport {
  readonly headline: string;
  /** What was looked at. */
  readonly facts: readonly string[];
  /** Null where no record is bad. */
  readonly firstBad: string | null;
  /** What is wrong, in the order of the records. */
  readonly findings: readonly { readonly place: string; readonly text: string; readonly code: string }[];
  /** How many findings are not among those. */
  readonly unlisted: number;
  /** No faults, and still to be known. */
  readonly notes: readonly string[];
  readonly limits: readonly string[];
}

const number = (value: number): string => value.toLocaleString('en');

function counted(count: number, one: string, several: string): string {
  return `${number(count)} ${count === 1 ? one : several}`;
}

export function describeReport(report: VerifyReport): DescribedReport {
  const { counts, findings } = report;
  return {
    headline: headlineOf(report),
    facts: [
      `Clinic ${report.clinic}`,
      [
        counted(counts.entries, 'record', 'records'),
        counted(counts.devices, 'device', 'devices'),
        counted(counts.heads, 'signature of a device', 'signatures of devices'),
        counted(counts.checkpoints, 'checkpoint of the hub', 'checkpoints of the hub'),
      ].join(', '),
      [
        counted(counts.rows, 'row of the tables compared', 'rows of the tables compared'),
        counted(counts.receipts + counts.givenReceipts, 'receipt', 'receipts'),
      ].join(', '),
      `Key of the hub: ${report.rootKey}${report.keysPinned ? '' : ' (not compared with any other)'}`,
    ],
    firstBad: report.firstBad && describeFirstBad(report.firstBad),
    findings: findings.map((finding) => ({
      place: placeOf(finding),
      text: findingTexts[finding.code],
      code: finding.code,
    })),
    unlisted: report.findingsInAll - findings.length,
    notes: notesOf(report),
    limits: report.limits,
  };
}

function headlineOf({ verdict, keysPinned, findingsInAll }: VerifyReport): string {
  if (verdict === 'not-sound') {
    return `NOT SOUND: ${counted(findingsInAll, 'thing is', 'things are')} wrong with these records.`;
  }
  return keysPinned
    ? 'SOUND: nothing was altered, removed or put in another order.'
    : 'SOUND, KEYS NOT PINNED: the file agrees with itself; whether your hub wrote it, it cannot show.';
}

/** Records are counted from 1 for people. */
function describeFirstBad({ index, before, h, device, n }: FirstBad): string {
  const isStretch = before !== undefined && before > index + 1;
  const record = isStretch
    ? `one of the records ${number(index + 1)} to ${number(before)}`
    : `record ${number(index + 1)}`;
  const of = device === undefined || device === '' ? '' : `, number ${n} of device ${device}`;
  return `First bad record: ${record}${of}${h === undefined ? '' : `\n${h}`}`;
}

function placeOf({ line, index, before, device, n, about }: Finding): string {
  const parts = [
    line === undefined ? '' : `line ${number(line)}`,
    index === undefined
      ? ''
      : before !== undefined && before > index + 1
        ? `records ${number(index + 1)} to ${number(before)}`
        : `record ${number(index + 1)}`,
    device === undefined || device === ''
      ? ''
      : `device ${device.slice(0, 8)}…${n === undefined ? '' : ` number ${n}`}`,
    about ?? '',
  ];
  return parts.filter((part) => part !== '').join(', ') || 'the file';
}

function notesOf({ forks, notes }: VerifyReport): string[] {
  const { restores, seenBeforeRestore, erased, hubChains, unvouchedHubs } = notes;
  const all = [
    forks.length > 0 &&
      `${counted(forks.length, 'fork', 'forks')}: a device went on from an older copy of itself. Both sides are kept.`,
    restores > 0 &&
      `The hub was restored from a copy ${counted(restores, 'time', 'times')}. What devices did not bring back is not here.`,
    seenBeforeRestore > 0 &&
      `${counted(seenBeforeRestore, 'record or receipt speaks', 'records or receipts speak')} of an order that was lost in a restore.`,
    erased > 0 &&
      `${counted(erased, 'content was', 'contents were')} erased, as the records say; the records stay.`,
    hubChains > 1 && `The hub started ${number(hubChains)} times; its key vouches for each.`,
    unvouchedHubs.length > 0 &&
      `${counted(unvouchedHubs.length, 'device claims', 'devices claim')} to be the hub and is not vouched for. Nothing that only the hub may say counts from there.`,
  ];
  return all.filter((note) => note !== false);
}
