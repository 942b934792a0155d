import { AppError } from '../../../shared/kernel/errors.ts';
import { planConsistency, planInclusion } from '../../../shared/log/merkle-proofs.ts';
import type { AuditLog } from '../audit-log-api.ts';
import { countWithin } from './bounded-bodies.ts';
import type { ClinicWriter } from './clinic-writer.ts';
import { exportClinic, readTables } from './export-clinic.ts';
import { storedColumns, storedEntry } from './fold-source.ts';
import { readHeld } from './held-entries.ts';
import type { LogParts } from './log-parts.ts';
import { indexOf, placeOf } from './places.ts';
import { proveFrom, rootAt } from './tree-nodes.ts';
import { readTree, type TreeState } from './tree-state.ts';

/** Entries that are looked through for one kind before a page is given out as it is. */
const mostScanned = 5000;

/** The log as it is read, not written. */
export function createAuditLog(
  parts: LogParts,
  treeOf: (clinic: string) => Promise<TreeState>,
  writerOf: (clinic: string) => ClinicWriter,
): AuditLog {
  const { database, crypto } = parts;
  return {
    async entries(clinic, { before, limit, kind }) {
      const { tree, checkpoint } = await treeOf(clinic);
      const end = Math.min(before ?? checkpoint.size, checkpoint.size);
      const start = kind === undefined ? Math.max(0, end - limit) : Math.max(0, end - mostScanned);
      const from = `FROM entries e LEFT JOIN bodies b ON b.place = e.place
          WHERE e.place >= ?1 AND e.place < ?2 AND (?3 IS NULL OR e.kind = ?3) ORDER BY e.place DESC LIMIT ?4`;
      const args = [placeOf(tree, start), placeOf(tree, end), kind ?? null];
      const sizes = await database.read({
        sql: `SELECT coalesce(length(b.sealed), 0) AS bytes ${from}`,
        args: [...args, limit],
      });
      const most = countWithin(sizes);
      const rows = await database.read({ sql: `SELECT ${storedColumns} ${from}`, args: [...args, most] });
      const entries = rows.map((row) => {
        const { h, entry, place, effTs, recvAt, body } = storedEntry(row, parts);
        return { entry, place: { h, index: indexOf(place), effTs, recvAt }, body: body?.text ?? null };
      });
      const isCut = most < sizes.length || most === limit;
      const next = isCut ? entries.at(-1)!.place.index : start;
      return { entries, ...(next > 0 && { next }) };
    },
    checkpoint: async (clinic) => (await treeOf(clinic)).checkpoint,
    async inclusion(clinic, h) {
      const { tree, checkpoint } = await treeOf(clinic);
      const held = (await readHeld(database, tree, [h])).get(h);
      if (held === undefined || held.index >= checkpoint.size) {
        throw new AppError('log.unknown-entry', 'the clinic holds no entry of this name');
      }
      const { index, effTs, recvAt } = held;
      const proof = await proveFrom(database, tree, planInclusion(index, checkpoint.size), crypto);
      return { checkpoint, place: { h, index, effTs, recvAt }, proof };
    },
    async consistency(clinic, size) {
      const { tree, checkpoint } = await treeOf(clinic);
      if (size > checkpoint.size) {
        throw new AppError('request.invalid', `the tree has ${checkpoint.size} entries, not ${size}`);
      }
      const root = await rootAt(database, tree, size, crypto);
      const proof = await proveFrom(database, tree, planConsistency(size, checkpoint.size), crypto);
      return { checkpoint, earlier: { size, root }, proof };
    },
    async exportLines({ clinic, userId }) {
      const fact = { kind: 'audit.exported', entity: clinic, actor: userId, body: null };
      await writerOf(clinic).run({ type: 'append', facts: [fact], alsoWrite: [] });
      // Tables and checkpoint belong together, so nothing is written while the tables are read; the entries, which are the
      // most of it, never change and are read afterwards.
      const { state, rows } = await writerOf(clinic).hold(async () => {
        for (;;) {
          const before = (await readTree(database, clinic))!;
          const tables = await readTables(parts, before.tree);
          const after = (await readTree(database, clinic))!;
          if (after.no === before.no) return { state: before, rows: tables };
        }
      });
      return exportClinic(state, rows, parts);
    },
  };
}
