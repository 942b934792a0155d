import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { nodeCrypto, runningSha256 } from '../../server/keys/node-crypto.ts';
import { toHex, utf8 } from '../../shared/kernel/bytes.ts';
import { bodyHash } from '../../shared/log/entry.ts';
import { type ExportedEntry, mostLineBytes } from '../../shared/log/export-lines.ts';
import { appendLeaves, emptyFrontier, leafHash, rootOf } from '../../shared/log/merkle.ts';
import { readLines } from '../../shared/log/verify/read-lines.ts';
import { verifyExport } from '../../shared/log/verify/verify-export.ts';
import { writeLargeExport } from './large-export.ts';

/**
 * `npm run bench:verify`: the verifier against what it cannot do without: take the lines apart, parse each, hash each entry,
 * each body, the tree and the file, and look at none of it.
 */
const { values } = parseArgs({ options: { entries: { type: 'string', default: '1000000' } } });
const entries = Number(values.entries);
const folder = mkdtempSync(join(tmpdir(), 'fieldray-verify-'));
const path = join(folder, 'export.jsonl');
const open = () => createReadStream(path, { highWaterMark: 1 << 20 });

/** Of a canonical line: from the name of a member to the next one. */
const between = (text: string, from: string, to: string): string =>
  text.slice(text.indexOf(from) + from.length, text.lastIndexOf(to));

async function bare(): Promise<string> {
  const hash = runningSha256();
  let frontier = emptyFrontier;
  for await (const lines of readLines(open(), hash, mostLineBytes)) {
    for (const { text } of lines) {
      const { type, place, body } = JSON.parse(text!) as ExportedEntry;
      if (type !== 'entry') continue;
      nodeCrypto.sha256(utf8(`entry:1\n${between(text!, '"entry":', ',"place":')}`));
      if (body !== null) bodyHash(body.salt, body.text, nodeCrypto);
      frontier = appendLeaves(frontier, [leafHash(place, nodeCrypto)], nodeCrypto).frontier;
    }
  }
  return toHex(rootOf(frontier, nodeCrypto)) + toHex(hash.digest());
}

async function timed<Result>(run: () => Promise<Result>): Promise<{ seconds: number; result: Result }> {
  const started = performance.now();
  const result = await run();
  return { seconds: (performance.now() - started) / 1000, result };
}

try {
  console.log(`Writing an export of ${entries} entries …`);
  await writeLargeExport(path, entries);
  console.log(`${(statSync(path).size / 1e6).toFixed(0)} MB`);
  const before = await timed(bare);
  const { seconds, result } = await timed(() =>
    verifyExport({ open }, { ...nodeCrypto, startSha256: runningSha256 }),
  );
  const after = await timed(bare);
  const bareSeconds = (before.seconds + after.seconds) / 2;
  console.log(
    `${result.verdict}: ${result.counts.entries} entries, ${result.counts.heads} heads, ${result.counts.checkpoints} checkpoints, ${result.counts.rows} rows`,
  );
  console.log(`parsing and hashing  ${before.seconds.toFixed(1)} s, ${after.seconds.toFixed(1)} s`);
  console.log(`verify               ${seconds.toFixed(1)} s`);
  console.log(`ratio                ${(seconds / bareSeconds).toFixed(2)} (at most 4)`);
  console.log(`memory               ${(process.memoryUsage.rss() / 1e6).toFixed(0)} MB at the end`);
  if (result.verdict !== 'sound' || seconds > 4 * bareSeconds) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
