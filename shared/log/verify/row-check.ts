import { canonicalJson, type Json } from '../../kernel/canonical-json.ts';
import type { ExportedRow } from '../export-lines.ts';
import type { Findings } from './findings.ts';

/** Tables are compared with what the records say; each row that was met is taken out. */
export interface RowCheck {
  check(row: ExportedRow, line: number): void;
  /** What is left follows from the records and is not in the file. */
  finish(): void;
}

const rowName = (table: string, key: string): string => `${table}/${key}`;

/** @param replayed by `table/key` */
export function createRowCheck(replayed: Map<string, Json>, findings: Findings): RowCheck {
  let last: readonly [string, string] | undefined;
  return {
    check({ table, key, row }, line) {
      const about = rowName(table, key);
      const isBehind = last === undefined || last[0] < table || (last[0] === table && last[1] < key);
      if (!isBehind) findings.add({ code: 'row.order', line, about });
      last = [table, key];
      const expected = replayed.get(about);
      replayed.delete(about);
      if (expected === undefined) findings.add({ code: 'row.unknown', line, about });
      else if (canonicalJson(expected) !== canonicalJson(row)) {
        findings.add({ code: 'row.altered', line, about });
      }
    },
    finish() {
      for (const about of [...replayed.keys()].toSorted()) findings.add({ code: 'row.missing', about });
    },
  };
}
