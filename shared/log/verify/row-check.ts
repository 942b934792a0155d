import { canonicalJson, type Json } from '../../kernel/canonical-json.ts';
import type { Findings } from './findings.ts';

/** Tables are compared with what the records say; each row that was met is taken out. */
export interface RowCheck {
  check(row: RowLine, line: number): void;
  /** What is left follows from the records and is not in the file. */
  finish(): void;
}

export interface RowLine {
  readonly table: string;
  readonly key: string;
  /** The line as it stands in the file. */
  readonly text: string;
}

/** @param replayed by `table/key` */
export function createRowCheck(replayed: Map<string, Json>, findings: Findings): RowCheck {
  let last: readonly [string, string] | undefined;
  return {
    check({ table, key, text }, line) {
      const about = `${table}/${key}`;
      const isBehind = last === undefined || last[0] < table || (last[0] === table && last[1] < key);
      if (!isBehind) findings.add({ code: 'row.order', line, about });
      last = [table, key];
      const row = replayed.get(about);
      replayed.delete(about);
      if (row === undefined) findings.add({ code: 'row.unknown', line, about });
      // Whatever stands there instead: there is one text only that is right.
      else if (canonicalJson({ type: 'row', table, key, row }) !== text) {
        findings.add({ code: 'row.altered', line, about });
      }
    },
    finish() {
      for (const about of [...replayed.keys()].toSorted()) findings.add({ code: 'row.missing', about });
    },
  };
}
