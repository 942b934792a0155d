import { errorEntry, isErrorCode } from '../../../shared/kernel/errors.ts';
import { isImageShown, reviewState } from '../../../shared/log/fold/image-state.ts';
import { printable } from '../result-lines.ts';
import type { DeviceHome } from './device-home.ts';
import { everyRow } from './find-image.ts';

const shownImages = 50;

const readings = {
  none: 'not read',
  read: 'read',
  discordant: 'DISCORDANT',
  adjudicated: 'adjudicated',
} as const;

/** What a device holds and how it stands with its hub, for a person. */
export async function statusText({ file, parts }: DeviceHome): Promise<string> {
  const { store } = parts;
  const state = await store.state();
  const counts = await store.counts();
  const grant = await parts.grant();
  const until = grant === null ? 'never' : new Date(grant.expiresAt).toISOString();
  const blobs = await store.blobsToUpload(1000);
  const isOver = grant === null || grant.expiresAt <= parts.now();
  const lines = [
    `Device    ${state.identity.device} of ${file.email}`,
    `Hub       ${file.hub}, clinic ${state.identity.clinic}`,
    `Root key  ${state.identity.rootKey}`,
    `Chain     ${state.last === null ? 'no entries yet' : `${state.last.n} ${state.last.n === 1 ? 'entry' : 'entries'}, the last is ${state.last.h.slice(0, 12)}`}`,
    `Records   ${counts.entries} entries, ${state.cursor} of them in the hub's order${state.verified === null ? '' : `, verified up to ${state.verified.size}`}`,
    `To send   ${counts.outbox}${counts.waiting > 0 ? `, and ${counts.waiting} delivered that the hub's order does not show yet` : ''}`,
    `Pictures  ${blobs.length === 0 ? 'the hub has all of them' : `${blobs.length} still to send`}`,
    `Offline   readings may be signed until ${until}${isOver ? ' — that is over: meet the hub with "device enrol"' : ''}`,
  ];
  if (state.broken !== null) {
    const { why, n } = state.broken;
    const said = why === 'forked' ? 'this folder was copied or restored' : 'the hub refused an entry';
    lines.push(`BROKEN    at entry ${n}: ${said}. Nothing is lost; "device enrol" goes on with a new key.`);
  }
  for (const { h, code, entry } of await store.aside(20)) {
    const why = isErrorCode(code) ? errorEntry(code).title : code;
    lines.push(`Refused   ${h.slice(0, 12)} (${entry.kind}): ${why}`);
  }
  const waiting = await store.rows('quarantine', { limit: 20 });
  for (const { key, row } of waiting.filter(({ row: { clear } }) => !clear.released)) {
    lines.push(`Held      ${key.slice(0, 12)} (${row.clear.kind}): ${row.clear.reason}`);
  }
  return [...lines, ...(await imageLines(store))].map((line) => `${printable(line)}\n`).join('');
}

async function imageLines(store: DeviceHome['parts']['store']): Promise<string[]> {
  const lines: string[] = [];
  let count = 0;
  for await (const { key, row } of everyRow(store, 'images')) {
    if (!isImageShown(row.clear)) continue;
    if (++count > shownImages) continue;
    const { state, standing } = reviewState(row.clear);
    lines.push(`Image     ${key.slice(0, 12)}  ${readings[state]}`);
    for (const h of standing) {
      const { findings = [], effTs, ts } = row.clear.reviews[h]!;
      const said = findings.map(({ code, present }) => `${code} ${present}`).join(', ');
      const note = row.personal[h] as { readonly note?: string } | undefined;
      const when = new Date(effTs ?? ts[0]).toISOString().slice(0, 16).replace('T', ' ');
      lines.push(
        `          ${h.slice(0, 12)}  ${when}  ${said === '' ? '(content not here)' : said}${note?.note === undefined ? '' : ` — ${note.note}`}`,
      );
    }
  }
  return count > shownImages ? [...lines, `          … and ${count - shownImages} more images`] : lines;
}
