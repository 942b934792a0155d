import { AppError } from '../../../shared/kernel/errors.ts';
import type { DeviceStore } from '../../../shared/log/device-store.ts';
import type { Row } from '../../../shared/log/fold/tables.ts';

/** All rows of a table, page by page. */
export async function* everyRow<Table extends 'images' | 'results'>(
  store: DeviceStore,
  table: Table,
): AsyncGenerator<{ readonly key: string; readonly row: Row<Table> }> {
  for (let after = ''; ;) {
    const page = await store.rows(table, { after, limit: 500 });
    yield* page;
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.key;
  }
}

/** The image whose identity begins so. @throws AppError `usage.invalid` for none, for several, and for less than 6 digits */
export async function findImage(
  store: DeviceStore,
  start: string,
): Promise<{ readonly key: string; readonly row: Row<'images'> }> {
  if (!/^[0-9a-f]{6,64}$/.test(start)) {
    throw new AppError(
      'usage.invalid',
      'an image is named by at least 6 digits of its identity, as "status" shows it',
    );
  }
  // Keys are lower-case hex, so whatever begins with `start` comes right after its predecessor.
  const found = await store.rows('images', { after: predecessor(start), limit: 2 });
  const fitting = found.filter(({ key }) => key.startsWith(start));
  const [image] = fitting;
  if (image === undefined) throw new AppError('usage.invalid', `there is no image ${start} on this device`);
  if (fitting.length > 1) throw new AppError('usage.invalid', `several images begin with ${start}`);
  return image;
}

/** A text that sorts before everything that begins with `start`, and after what sorts before that. */
function predecessor(start: string): string {
  const last = start.codePointAt(start.length - 1)!;
  return `${start.slice(0, -1)}${String.fromCodePoint(last - 1)}\u{7f}`;
}
