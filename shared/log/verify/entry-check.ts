import { utf8, toHex } from '../../kernel/bytes.ts';
import { bodyHash } from '../entry.ts';
import type { ExportedEntry } from '../export-lines.ts';
import { kindRule } from '../kinds.ts';
import type { LogCrypto } from '../log-crypto.ts';
import type { Findings } from './findings.ts';
import type { KnownEntries } from './known-entries.ts';
import type { Finding, FindingCode } from './report.ts';
import type { TreeCheck } from './tree-check.ts';

/** How far the hub lets a device's clock be ahead: later times are taken back to this. */
const mostAheadMs = 5 * 60_000;

interface AbsentBody {
  readonly bodyHash: string;
  readonly finding: Omit<Finding, 'code'>;
}

/** What can be said of an entry from itself and all before it. */
export interface EntryCheck {
  /** @param text the entry's canonical JSON */
  check(line: ExportedEntry, text: string, lineNumber: number): void;
  /** An entry that cannot be read takes its place in the order all the same. */
  lose(lineNumber: number): void;
  /** Bodies that must have been erased, and those that must not. Their hashes, and whose they are. */
  absentBodies(): readonly AbsentBody[];
  findPresent(bodyHash: string): Omit<Finding, 'code'> | undefined;
}

export interface EntryCheckParts {
  readonly clinic: string;
  readonly known: KnownEntries;
  readonly tree: TreeCheck;
  readonly findings: Findings;
  /** Bodies that an entry of the log claims to have erased. */
  readonly erasedNames: ReadonlySet<string>;
}

export function createEntryCheck(parts: EntryCheckParts, crypto: LogCrypto): EntryCheck {
  const { clinic, known, tree, findings, erasedNames } = parts;
  const absent: AbsentBody[] = [];
  const present = new Map<string, Omit<Finding, 'code'>>();
  let lastPlace = -1;
  let position = 0;

  return {
    lose(lineNumber) {
      known.add({ h: '', device: '', n: 0, parent: null, effTs: 0, recvAt: 0, line: lineNumber });
      tree.lose();
      position++;
      lastPlace++;
    },
    absentBodies: () => absent,
    findPresent: (hash) => present.get(hash),
    check({ entry, place, body }, text, line) {
      const where = { line, index: position, h: place.h, device: entry.device, n: entry.n };
      const add = (code: FindingCode): void => findings.add({ code, ...where });

      if (place.index !== position && place.index !== lastPlace + 1) add('entry.place');
      lastPlace = place.index;
      position++;
      if (entry.clinic !== clinic) add('entry.clinic');
      if (place.effTs !== Math.min(entry.ts[0], place.recvAt + mostAheadMs)) add('entry.time');

      const name = toHex(crypto.sha256(utf8(`entry:1\n${text}`)));
      if (name !== place.h) add('entry.hash');
      if (known.find(place.h) !== undefined) add('entry.twice');

      let parent: number | null = null;
      if (entry.prev === null) {
        if (entry.n !== 1) add('chain.number');
      } else {
        parent = known.find(entry.prev) ?? null;
        // Something before it was lost or renamed; which, its name does not tell.
        if (parent === null)
          findings.add({ code: 'chain.parent', ...where, index: 0, before: where.index + 1 });
        else {
          const before = known.at(parent);
          if (before.device !== entry.device || before.n + 1 !== entry.n) add('chain.number');
        }
      }

      if (body === null) {
        if (entry.bodyHash !== null && kindRule(entry.kind)?.erasable === false) add('body.lost');
        else if (entry.bodyHash !== null) absent.push({ bodyHash: entry.bodyHash, finding: where });
      } else if (entry.bodyHash === null) add('body.unexpected');
      else {
        if (bodyHash(body.salt, body.text, crypto) !== entry.bodyHash) add('body.altered');
        if (erasedNames.has(entry.bodyHash) && !present.has(entry.bodyHash))
          present.set(entry.bodyHash, where);
      }

      // An entry that was altered is no witness.
      if (entry.seen !== null && name === place.h) {
        const verdict = tree.judge(entry.seen);
        if (verdict === 'future' || verdict === 'unknown' || verdict === 'other') {
          const before = verdict === 'other' ? entry.seen.size : where.index + 1;
          findings.add({ code: `witness.${verdict}`, ...where, ...tree.stretchBelow(before) });
        }
      }

      known.add({ ...where, parent, effTs: place.effTs, recvAt: place.recvAt });
      if (name !== place.h) known.alsoKnownAs(name, position - 1);
      tree.append(place);
    },
  };
}
