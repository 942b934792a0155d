import { createCaller } from '../../shared/api/call-endpoint.ts';
import { devicesEndpoint } from '../../shared/api/devices.ts';
import type { OpenRecords, RecordsParts } from './open-records.ts';

const atOnce = 500;
const mostDevices = 200;

/**
 * When the hub last received something from another device that this person enrolled under the name of this one, milliseconds
 * since 1970: where nothing is left here, that may have been this one. Asked when everything is here.
 */
export async function namesakeHeardAt(
  { secrets, tokens, tables }: Pick<OpenRecords, 'secrets' | 'tokens' | 'tables'>,
  { fetch }: Pick<RecordsParts, 'fetch'>,
): Promise<number | undefined> {
  const call = createCaller({ fetch, hub: '', tokens });
  const { devices } = await call(devicesEndpoint, { query: { limit: mostDevices } });
  const namesakes = devices.filter(({ id, name }) => id !== secrets.device && name === secrets.name);
  let latest: number | undefined;
  for (const { id, enrolledAt } of namesakes) {
    let heardAt = Date.parse(enrolledAt);
    for (let from = 1; ;) {
      const page = await tables.chain(id, from, atOnce);
      for (const { place } of page) heardAt = Math.max(heardAt, place?.recvAt ?? 0);
      if (page.length < atOnce) break;
      from = page.at(-1)!.entry.n + 1;
    }
    latest = Math.max(latest ?? 0, heardAt);
  }
  return latest;
}
