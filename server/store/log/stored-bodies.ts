import { concatBytes, fromHex, toHex, utf8 } from '../../../shared/kernel/bytes.ts';
import type { Body } from '../../../shared/log/entry.ts';
import type { SealedColumn, Sealer } from '../../keys/sealer-api.ts';
import type { Database, Statement } from '../database.ts';
import { createByteColumn } from './byte-columns.ts';

const saltBytes = 16;
const decoder = new TextDecoder('utf-8', { fatal: true });

// Bound to the entry's name, so that a body cannot be moved to another entry.
const aad = (h: string): string => `bodies\n${h}\n1`;

export const sealedBodies: SealedColumn = {
  table: 'bodies',
  keys: ['place'],
  column: 'sealed',
  beside: { h: '(SELECT lower(hex(e.h)) FROM entries e WHERE e.place = bodies.place)' },
  aad: ({ h }) => aad(String(h)),
};

export function openBody(sealed: Uint8Array, h: string, bodyHash: string, sealer: Sealer): Body {
  const plain = sealer.open(sealed, aad(h));
  const salt = toHex(plain.subarray(0, saltBytes));
  return { bodyHash, salt, text: decoder.decode(plain.subarray(saltBytes)) };
}

/** One statement for all of them. */
export function insertBodies(
  bodies: readonly { readonly place: number; readonly h: string; readonly body: Body }[],
  sealer: Sealer,
): Statement {
  const column = createByteColumn();
  const rows = bodies.map(({ place, h, body }) => {
    const plain = concatBytes(fromHex(body.salt), utf8(body.text));
    return [place, ...column.add(sealer.seal(plain, aad(h)))];
  });
  return {
    sql: `INSERT INTO bodies (place, sealed)
      SELECT value ->> 0, substr(?2, value ->> 1, value ->> 2) FROM json_each(?1)
      WHERE true ON CONFLICT DO NOTHING`,
    args: [JSON.stringify(rows), column.bytes()],
  };
}

/** Of those entries that carry this body. */
export function deleteBodies(bodyHash: string, hs: readonly string[]): Statement {
  return {
    sql: `DELETE FROM bodies WHERE place IN (
        SELECT e.place FROM json_each(?2) j CROSS JOIN entries e ON e.h = unhex(j.value) WHERE e.body_hash = unhex(?1))`,
    args: [bodyHash, JSON.stringify(hs)],
  };
}

/** How many of these places have a body. */
export async function countBodies(database: Database, places: readonly number[]): Promise<number> {
  if (places.length === 0) return 0;
  const [row] = await database.read({
    sql: 'SELECT count(*) AS bodies FROM json_each(?) j CROSS JOIN bodies b ON b.place = j.value',
    args: [JSON.stringify(places)],
  });
  return Number(row!['bodies']);
}
