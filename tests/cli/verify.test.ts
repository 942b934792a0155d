import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toBase64Url } from '../../shared/kernel/bytes.ts';
import { LogBuilder, type Placed } from '../fixtures/log-builder.ts';
import { runFieldray } from '../fixtures/run-fieldray.ts';

describe('npx fieldray verify', () => {
  let folder = '';
  let text = '';
  let target: Placed;
  const at = (name: string): string => join(folder, name);
  const verify = (...args: readonly string[]) => runFieldray('verify', ...args);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fieldray-verify-'));
    const log = await LogBuilder.start('cli');
    const ada = log.id('ada');
    log.fact('user.approved', ada, { role: 'doctor' });
    const laptop = log.device('laptop');
    log.enrol(laptop, 'laptop', ada);
    const body = { findings: [], results: [], note: 'grüße' };
    [target] = log.place(
      log.write(laptop, { kind: 'review.added', entity: 'image-1', actor: ada, body }),
    ) as [Placed];
    await log.commit();
    text = await log.text();
    await writeFile(at('export.jsonl'), text);
    await writeFile(at('keys'), `# our hub\n${toBase64Url(log.root.publicKey)}\n`);
    await writeFile(at('receipt.json'), JSON.stringify(await log.receipt([target])));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('ends with 0 for a sound export, and says whether keys were pinned', async () => {
    const pinned = await verify(at('export.jsonl'), '--keys', at('keys'), '--receipts', folder);
    expect(pinned).toMatchObject({ status: 0, stderr: '' });
    expect(pinned.stdout).toMatch(/^SOUND: /);
    const alone = await verify(at('export.jsonl'));
    expect(alone).toMatchObject({ status: 0 });
    expect(alone.stdout).toMatch(/^SOUND, KEYS NOT PINNED/);
  });

  it('ends with 1 and names the entry when one byte of it was changed', async () => {
    await writeFile(at('altered.jsonl'), text.replace('"entity":"image-1"', '"entity":"image-2"'));
    const { status, stdout } = await verify(at('altered.jsonl'), '--keys', at('keys'));
    expect(status).toBe(1);
    expect(stdout).toContain(`First bad record: record 4, number 1 of device ${target.entry.device}`);
    expect(stdout).toContain(target.h);
    const { stdout: json } = await verify(at('altered.jsonl'), '--json');
    expect(JSON.parse(json)).toMatchObject({
      verdict: 'not-sound',
      keysPinned: false,
      firstBad: { index: 3, h: target.h },
    });
  });

  it('ends with 1 when a receipt is for something else', async () => {
    const other = await LogBuilder.start('other');
    await other.commit();
    await writeFile(at('other.jsonl'), await other.text());
    const { status, stdout } = await verify(at('other.jsonl'), '--receipts', folder);
    expect(status).toBe(1);
    expect(stdout).toContain('receipt.clinic');
  });

  it.each([
    [[], 'name one export'],
    [['/no/such/export'], 'There is no file'],
    [[tmpdir()], 'is no file'],
    [[import.meta.filename], 'log.unreadable'],
    [[import.meta.filename, '--keys', import.meta.filename], 'holds no keys'],
  ])('ends with 2 for %j', async (args, why) => {
    const { status, stdout, stderr } = await verify(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(why);
  });
});
