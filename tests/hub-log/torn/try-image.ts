import { createHash } from 'node:crypto';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database, Row, SqlValue, Statement } from '../../../server/store/database.ts';
import { openFile } from '../../../server/store/open-file.ts';

const plain = (sql: string): Statement => ({ sql, args: [] });

const valueText = (value: SqlValue): string =>
  value instanceof Uint8Array
    ? Buffer.from(value.buffer, value.byteOffset, value.length).toString('base64')
    : String(value);
const rowText = (row: Row): string => JSON.stringify(Object.values(row).map(valueText));

/** A hash over everything that is in the database, its schema included. */
export async function digestOf(database: Database): Promise<string> {
  const hash = createHash('sha256');
  const schema = await database.read(
    plain(`SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name`),
  );
  for (const { type, name, sql } of schema) {
    hash.update(`${String(name)} ${String(sql)}\n`);
    if (type !== 'table') continue;
    const rows = (await database.read(plain(`SELECT * FROM "${String(name)}"`))).map(rowText);
    hash.update(rows.toSorted().join('\n'));
  }
  return hash.digest('hex');
}

export interface ImageFiles {
  readonly database: Uint8Array;
  readonly journal: Uint8Array;
}

/** What the production store finds: the digest of the whole, or why it cannot be used. */
export async function openImage(folder: string, { database, journal }: ImageFiles): Promise<string> {
  const path = join(folder, 'image.db');
  await mkdir(folder);
  await writeFile(path, database);
  await writeFile(`${path}-journal`, journal);
  try {
    const opened = await openFile(path);
    try {
      const [integrity] = await opened.read(plain('PRAGMA integrity_check'));
      if (integrity?.['integrity_check'] !== 'ok') return `integrity: ${JSON.stringify(integrity)}`;
      const [broken] = await opened.read(plain('PRAGMA foreign_key_check'));
      if (broken !== undefined) return `references: ${JSON.stringify(broken)}`;
      const digest = await digestOf(opened);
      await opened.write([plain('CREATE TABLE after_the_loss (id integer PRIMARY KEY)')]);
      await opened.write([plain('INSERT INTO after_the_loss VALUES (1)')]);
      const { size } = await stat(`${path}-journal`);
      return size === 0 ? digest : 'the journal was not truncated by the next commit';
    } finally {
      await opened.close();
    }
  } catch (error) {
    return `refused: ${String(error)}`;
  } finally {
    await rm(folder, { recursive: true });
  }
}
