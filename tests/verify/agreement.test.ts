import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { toBase64Url } from '../../shared/kernel/bytes.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import type { Receipt } from '../../shared/log/checkpoint.ts';
import { exportText } from '../fixtures/log-builder.ts';
import { makeTarget, tamperWith } from '../fixtures/tamper-log.ts';
import { tamperings } from '../fixtures/tamperings.ts';
import { verifyText } from '../fixtures/verify-text.ts';

/** The verifier in TypeScript against the one in Python, which shares no line with it. */

const python = '/usr/bin/python3';
const logs = 100;
const ofEachLog = 10;
const firstSeed = 5000;

interface Verdict {
  readonly verdict: string;
  readonly firstBad: { readonly index: number; readonly before?: number } | null;
}

interface Evidence {
  readonly receipts: readonly Receipt[];
  readonly pinnedKeys: readonly string[];
}

async function ours(text: string | Uint8Array, evidence: Evidence): Promise<Verdict> {
  try {
    const { verdict, firstBad } = await verifyText(text, evidence);
    const { index, before } = firstBad ?? {};
    return {
      verdict,
      firstBad: index === undefined ? null : { index, ...(before !== undefined && { before }) },
    };
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'log.unreadable')
      return { verdict: 'unreadable', firstBad: null };
    throw thrown;
  }
}

describe.skipIf(!existsSync(python))('two verifiers (the second needs /usr/bin/python3)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fieldray-vectors-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('agree on verdict and first bad entry of 1,000 exports', { timeout: 240_000 }, async () => {
    // The second does not fold, so it cannot see that a table alone is wrong.
    const kinds = Object.keys(tamperings).filter((kind) => !kind.startsWith('a row '));
    const expected = new Map<string, Verdict & { what: string }>();
    const write = async (
      name: string,
      what: string,
      text: string | Uint8Array,
      evidence: Evidence,
    ): Promise<void> => {
      writeFileSync(join(folder, `${name}.jsonl`), text);
      writeFileSync(join(folder, `${name}.json`), JSON.stringify(evidence));
      expected.set(name, { ...(await ours(text, evidence)), what });
    };
    for (let number = 0; number < logs; number++) {
      const seed = firstSeed + number;
      const target = await makeTarget(seed, 25);
      const pinnedKeys = [toBase64Url(target.log.root.publicKey)];
      const evidence = { receipts: target.receipts, pinnedKeys };
      await write(`${seed}-0`, 'honest', exportText(target.log.header(), target.lines), evidence);
      for (let made = 1, attempt = 0; made < ofEachLog; attempt++) {
        const kind = kinds[(number * ofEachLog + attempt) % kinds.length]!;
        const altered = await tamperWith(target, kind, seed + attempt);
        if (altered === null) continue;
        const receipts = altered.receipts ?? [];
        await write(`${seed}-${made++}`, `${kind}, seed ${seed + attempt}`, altered.text, {
          receipts,
          pinnedKeys,
        });
      }
    }
    const { stdout, stderr } = spawnSync(python, ['-B', join(import.meta.dirname, 'verify.py'), '--all', folder], {
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    expect(stderr).toBe('');
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Verdict & { name: string });
    expect(lines.length).toBe(logs * ofEachLog);
    const verdicts = new Set(lines.map(({ verdict }) => verdict));
    expect(verdicts).toContain('sound');
    expect(verdicts).toContain('not-sound');
    for (const { name, verdict, firstBad } of lines) {
      const { what, ...said } = expected.get(name)!;
      expect({ verdict, firstBad }, `export ${name}: ${what}`).toEqual(said);
    }
  });

  it('check signatures alike with and without a library', () => {
    const script = [
      'import sys; sys.path.insert(0, sys.argv[1])',
      'from ed25519 import verify_plainly as plain, verify',
      "key = bytes.fromhex('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a')",
      "sig = bytes.fromhex('e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b')",
      'bad = bytes([sig[0] ^ 1]) + sig[1:]',
      "print([check(key, s, m) for check in (plain, verify) for s, m in ((sig, b''), (bad, b''), (sig, b'x'))])",
    ].join('\n');
    const { stdout } = spawnSync(python, ['-B', '-c', script, import.meta.dirname], { encoding: 'utf8' });
    expect(stdout.trim()).toBe('[True, False, False, True, False, False]');
  });
});
