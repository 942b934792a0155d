import { beforeAll, describe, expect, it } from 'vitest';
import { nodeCrypto } from '../../server/keys/node-crypto.ts';
import { concatBytes, utf8 } from '../../shared/kernel/bytes.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import { chunkBytes } from '../../shared/log/bundle/sealed-chunks.ts';
import { checkBundle } from '../../shared/log/bundle/check-bundle.ts';
import { type BundleKey, keyName } from '../../shared/log/bundle/bundle-key.ts';
import { film } from '../fixtures/test-device.ts';
import { fileOf, readParts, testKey, worldDevice } from './bundle-world.ts';

const otherKey: BundleKey = { generation: 2, secret: `${'B'.repeat(42)}A` };
const otherClinic = '00000000-0000-4000-8000-000000000002';

/** What is wrong with a file; undefined where nothing is. */
async function codeOf(
  bytes: Uint8Array,
  ...reading: Parameters<typeof readParts>
): Promise<string | undefined> {
  try {
    await checkBundle(fileOf(bytes), readParts(...reading));
    return undefined;
  } catch (error) {
    return error instanceof AppError ? error.code : `not ours: ${String(error)}`;
  }
}

const lineEnd = (bytes: Uint8Array): number => bytes.indexOf(0x0a) + 1;

function withLine(bytes: Uint8Array, change: (line: Record<string, unknown>) => object): Uint8Array {
  const end = lineEnd(bytes);
  const magic = 'fieldray-bundle ';
  const line = JSON.parse(Buffer.from(bytes.subarray(magic.length, end)).toString()) as Record<
    string,
    unknown
  >;
  return concatBytes(utf8(`${magic}${JSON.stringify(change(line))}\n`), bytes.subarray(end));
}

describe('a bundle', () => {
  const ward = worldDevice('ward');
  let small: Uint8Array;
  let large: Uint8Array;

  beforeAll(async () => {
    await ward.say({
      body: { sha256: '0'.repeat(64), bytes: 10, type: 'image/png', fileName: 'Planted^Name' },
    });
    ({ bytes: small } = await ward.bundle());
    await ward.addPicture(new Uint8Array(3 * chunkBytes).fill(7), film);
    ({ bytes: large } = await ward.bundle());
  });

  it('says what it holds, and nothing of it to anybody without the key', async () => {
    const { header, entries, pictures } = await checkBundle(fileOf(large), readParts());
    expect({ entries, pictures }).toEqual({ entries: 2, pictures: 1 });
    expect(header).toMatchObject({ device: ward.device, content: 'outbox' });
    const text = Buffer.from(small).toString('latin1');
    for (const secret of ['Planted', 'image.added', ward.device]) expect(text).not.toContain(secret);
    expect(text).toContain(keyName(testKey, nodeCrypto));
  });

  it('is refused with any byte altered', async () => {
    const codes = new Map<string, number>();
    for (let at = 0; at < small.length; at++) {
      const altered = small.slice();
      altered[at]! ^= 1 << (at % 8);
      const code = (await codeOf(altered)) ?? `taken with byte ${at} altered`;
      codes.set(code, (codes.get(code) ?? 0) + 1);
    }
    const known = new Set(['not-one', 'newer', 'other-clinic', 'no-key', 'cut-short', 'altered']);
    expect([...codes.keys()].filter((code) => !known.has(code.replace('bundle.', '')))).toEqual([]);
    expect([...codes.values()].reduce((sum, count) => sum + count)).toBe(small.length);
    // What is sealed, all but the last line.
    expect(codes.get('bundle.altered')).toBeGreaterThan(small.length - lineEnd(small) - 20);
  });

  it('is refused when it is cut short anywhere', async () => {
    for (let length = 0; length < small.length; length++) {
      const code = await codeOf(small.slice(0, length));
      expect([length, code]).toEqual([
        length,
        length < lineEnd(small) ? 'bundle.not-one' : 'bundle.cut-short',
      ]);
    }
  });

  const sealedChunk = chunkBytes + 16;
  const chunksOf = (bytes: Uint8Array): Uint8Array[] => {
    const start = lineEnd(bytes);
    const count = Math.ceil((bytes.length - start) / sealedChunk);
    return Array.from({ length: count }, (_, at) =>
      bytes.subarray(start + at * sealedChunk, start + (at + 1) * sealedChunk),
    );
  };

  it('is refused with a chunk left out, moved, repeated, or from another bundle, and at each end of one', async () => {
    const line = large.subarray(0, lineEnd(large));
    const chunks = chunksOf(large);
    expect(chunks.length).toBe(4);
    const [a, b, c, d] = chunks as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
    const other = chunksOf((await ward.bundle()).bytes);
    const wrong = [
      [b, c, d],
      [a, c, d],
      [b, a, c, d],
      [a, a, b, c, d],
      [a, other[1]!, c, d],
      [a, b, c, other[3]!],
      [d],
      [a, b, c, d, d],
    ];
    for (const parts of wrong) expect(await codeOf(concatBytes(line, ...parts))).toBe('bundle.altered');
    for (const parts of [[], [a], [a, b], [a, b, c]])
      expect(await codeOf(concatBytes(line, ...parts))).toBe('bundle.cut-short');
    expect(await codeOf(concatBytes(line, a, b, c, d))).toBeUndefined();
    expect(await codeOf(concatBytes(large, utf8('x')))).toBe('bundle.cut-short');
  });

  it('says why it cannot be read', async () => {
    expect(await codeOf(small, [otherKey])).toBe('bundle.no-key');
    expect(await codeOf(small, [otherKey, testKey])).toBeUndefined();
    expect(await codeOf(small, [testKey], otherClinic)).toBe('bundle.other-clinic');
    expect(await codeOf(withLine(small, (line) => ({ ...line, format: 2 })))).toBe('bundle.newer');
    expect(await codeOf(withLine(small, (line) => ({ ...line, more: 1 })))).toBe('bundle.not-one');
    expect(
      await codeOf(
        withLine(small, (line) => ({ ...line, clinic: otherClinic })),
        [testKey],
        otherClinic,
      ),
    ).toBe('bundle.altered');
    expect(
      await codeOf(
        withLine(small, (line) => ({ ...line, key: keyName(otherKey, nodeCrypto) })),
        [otherKey, testKey],
      ),
    ).toBe('bundle.altered');
    expect(await codeOf(new Uint8Array(0))).toBe('bundle.not-one');
    expect(await codeOf(new Uint8Array(100_000).fill(65))).toBe('bundle.not-one');
  });

  it('is refused where somebody with the key of the clinic signs in the name of another', async () => {
    const tent = worldDevice('tent');
    await tent.say({});
    const posing = { ...tent.parts, signer: ward.parts.signer };
    const state = await ward.store.state();
    expect(state.identity.device).not.toBe(tent.device);
    const forged = worldDevice('tent');
    await forged.say({});
    Object.assign(forged.parts, posing);
    expect(await codeOf((await forged.bundle()).bytes)).toBe('bundle.altered');
  });

  it('leaves without a picture that cannot be read, and says so', async () => {
    const ship = worldDevice('ship');
    const { sha256 } = await ship.addPicture(new Uint8Array(10), film);
    ship.files.set(sha256, new Uint8Array(9));
    const { bytes, made } = await ship.bundle();
    expect(made).toEqual({ entries: 1, pictures: 0, broken: [sha256] });
    expect(await checkBundle(fileOf(bytes), readParts())).toMatchObject({ entries: 1, pictures: 0 });
  });
});
