import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { nodeCrypto, runningSha256 } from '../../server/keys/node-crypto.ts';
import type { Json } from '../../shared/kernel/canonical-json.ts';
import { type ExportLine, startExport } from '../../shared/log/export-lines.ts';
import { appendLeaves, emptyFrontier, leafHash, rootOf } from '../../shared/log/merkle.ts';
import { checkpointMessage } from '../../shared/log/checkpoint.ts';
import { toBase64Url, toHex } from '../../shared/kernel/bytes.ts';
import { createReplay } from '../../shared/log/verify/replay.ts';
import { LogBuilder, type Placed, type Said } from '../fixtures/log-builder.ts';

const devices = 20;
const portion = 125;

/** What a clinic writes: mostly pictures, results, readings and what was opened. */
function said(number: number, actor: string): Said {
  const image = `image-${Math.floor(number / 4)}`;
  const findings = [{ code: 'effusion', present: 'yes' }];
  const analysis = {
    findings: Array.from({ length: 8 }, (_, at) => ({ code: `finding-${at}`, score: 0.125 * at })),
  };
  switch (number % 4) {
    case 0:
      return {
        kind: 'image.added',
        entity: image,
        actor,
        body: {
          sha256: 'a'.repeat(64),
          bytes: 9_000_000,
          type: 'application/dicom',
          width: 2048,
          height: 2048,
        },
      };
    case 1:
      return {
        kind: 'result.added',
        entity: `result:${image}`,
        actor,
        body: { image, modelSha256s: ['b'.repeat(64)], analysis },
      };
    case 2:
      return { kind: 'review.added', entity: image, actor, body: { findings, results: [], note: 'seen' } };
    default:
      return { kind: 'audit.opened', entity: image, actor, body: { counts: { pictures: 1 } } };
  }
}

/** Writes a sound export of so many entries, in portions of one device each, every one under a head and a checkpoint. */
export async function writeLargeExport(path: string, entries: number): Promise<void> {
  const log = await LogBuilder.start('large');
  const ada = log.id('ada');
  log.fact('user.approved', ada, { role: 'doctor' });
  const laptops = Array.from({ length: devices }, (_, at) => log.device(`laptop ${at}`));
  for (const laptop of laptops) log.enrol(laptop, 'laptop', ada);

  const file = createWriteStream(path);
  const { first, writer } = startExport(log.header(), runningSha256());
  const send = async (bytes: Uint8Array): Promise<void> => {
    if (!file.write(bytes)) await once(file, 'drain');
  };
  await send(first);
  const replay = createReplay(log.root.publicKey, new Set(), nodeCrypto);
  const heads: ExportLine[] = [];
  let frontier = emptyFrontier;
  let written = 0;

  for (let number = 0; written < entries;) {
    const device = laptops[(number / portion) % devices]!;
    if (written > 0)
      log.place(...Array.from({ length: portion }, () => log.write(device, said(number++, ada))));
    const placed: Placed[] = log.order.splice(0);
    for (const { h, entry, body, place } of placed) {
      const line = {
        entry,
        place: { ...place, h, index: written++ },
        body: body && { salt: body.salt, text: body.text },
      };
      await send(writer.line({ type: 'entry', ...line }));
      const vouched = entry.kind === 'device.enrolled' && (await replay.vouch(entry, line.body));
      replay.add(entry, line.place, line.body, vouched);
    }
    frontier = appendLeaves(
      frontier,
      placed.map(({ place }) => leafHash(place, nodeCrypto)),
      nodeCrypto,
    ).frontier;
    const last = placed.at(-1)!;
    const tips = new Map(placed.map((each) => [each.entry.device, each]));
    for (const { h, entry } of tips.values())
      heads.push({ type: 'head', head: await log.signHead(h, entry) });
    const root = toHex(rootOf(frontier, nodeCrypto));
    const unsigned = { clinic: log.clinic, epoch: log.epoch, size: written, root, at: last.place.recvAt };
    const sig = toBase64Url(await log.root.sign(checkpointMessage(unsigned)));
    await send(writer.line({ type: 'checkpoint', checkpoint: { ...unsigned, sig } }));
  }
  for (const head of heads) await send(writer.line(head));
  const rows = [...replay.rows()].map(([name, row]) => {
    const slash = name.indexOf('/');
    return {
      type: 'row' as const,
      table: name.slice(0, slash),
      key: name.slice(slash + 1),
      row: JSON.parse(JSON.stringify(row)) as Json,
    };
  });
  rows.sort((a, b) => (a.table === b.table ? (a.key < b.key ? -1 : 1) : a.table < b.table ? -1 : 1));
  for (const row of rows) await send(writer.line(row as ExportLine));
  await send(writer.end());
  file.end();
  await once(file, 'close');
}
