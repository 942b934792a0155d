import { describe, expect, it } from 'vitest';
import { nodeCrypto, runningSha256 } from '../../../server/keys/node-crypto.ts';
import { LogBuilder } from '../../../tests/fixtures/log-builder.ts';
import { toBase64Url } from '../../kernel/bytes.ts';
import { verifyExport, type VerifyInput } from './verify-export.ts';

const crypto = { ...nodeCrypto, startSha256: runningSha256 };

function inputOf(text: string, chunkBytes = 1 << 20): VerifyInput {
  const bytes = Buffer.from(text);
  return {
    async *open() {
      for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
    },
  };
}

describe('an honest export', () => {
  it('is sound', async () => {
    const log = await LogBuilder.start(1);
    const ada = log.id('ada');
    log.fact('user.approved', ada, { role: 'doctor' });
    const laptop = log.device('laptop');
    log.enrol(laptop, 'laptop', ada);
    await log.commit();
    log.pull(laptop);
    const image = log.write(laptop, {
      kind: 'image.added',
      entity: 'image-1',
      actor: ada,
      body: { sha256: 'a'.repeat(64), bytes: 5, type: 'image/png' },
    });
    log.place(image);
    await log.commit();
    log.erase(image);
    await log.commit();
    const report = await verifyExport(
      { ...inputOf(await log.text()), pinnedKeys: [toBase64Url(log.root.publicKey)] },
      crypto,
    );
    expect(report.findings).toEqual([]);
    expect(report.verdict).toBe('sound');
    expect(report.notes).toMatchObject({ erased: 1, hubChains: 1 });
  });
});

describe('what does not begin like an export', () => {
  it.each([
    ['nothing', () => ''],
    ['an empty line', () => '\n'],
    ['no line break', (text: string) => text.slice(0, text.indexOf('\n'))],
    ['a byte order mark', (text: string) => `\ufeff${text}`],
    ['NUL bytes', () => '\0'.repeat(1000)],
    ['half a character', (text: string) => text.replace(/"program":"/, '"program":"\\ud800')],
    ['a key that no key is written like', (text: string) => text.replace(/("rootKey":"[^"]{42})./, '$1B')],
    ['another format', (text: string) => text.replace('"format":1', '"format":2')],
  ])('cannot be read: %s', async (_, change) => {
    const text = await (await LogBuilder.start(1)).text();
    await expect(verifyExport(inputOf(change(text)), crypto)).rejects.toMatchObject({
      code: 'log.unreadable',
    });
  });
});
