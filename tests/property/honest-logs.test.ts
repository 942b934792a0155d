import { describe, expect, it } from 'vitest';
import { toBase64Url } from '../../shared/kernel/bytes.ts';
import { randomLog } from '../fixtures/random-log.ts';
import { verifyText } from '../fixtures/verify-text.ts';

/** `test:long -- tampering` looks at ten thousand. */
const logs = 200;
const firstSeed = 1;

describe('honest logs', () => {
  it('raise no alarm, with forks, wrong clocks, erasures and restores', async () => {
    const happened = { forks: 0, restores: 0, erased: 0, seenBeforeRestore: 0, entries: 0, receipts: 0 };
    for (let seed = firstSeed; seed < firstSeed + logs; seed++) {
      const { log, kept } = await randomLog(seed, 60);
      const pinnedKeys = [toBase64Url(log.root.publicKey)];
      const report = await verifyText(await log.text(), { receipts: kept, pinnedKeys });
      expect(report.findings, `log of seed ${seed}`).toEqual([]);
      expect(report.verdict).toBe('sound');
      happened.forks += report.forks.length;
      happened.restores += report.notes.restores;
      happened.erased += report.notes.erased;
      happened.seenBeforeRestore += report.notes.seenBeforeRestore;
      happened.entries += report.counts.entries;
      happened.receipts += kept.length;
    }
    for (const [what, times] of Object.entries(happened)) {
      expect(times, `${what} in ${logs} logs`).toBeGreaterThan(logs / 10);
    }
  });
});
