import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../kernel/seeded-random.ts';
import { AppError } from '../../kernel/errors.ts';
import { type BuiltEntry, zipFile } from '../../../tests/fixtures/zip-builder.ts';
import { bytesSource } from './byte-source.ts';
import { isZip } from './is-zip.ts';
import { readZipDirectory } from './zip-directory.ts';
import { readZipEntry, readZipEntryHead } from './zip-entry.ts';

const text = (value: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(value);
const plain = (name: string, content = name): BuiltEntry => ({ name, bytes: text(content.repeat(50)) });

const entriesOf = (bytes: Uint8Array) => readZipDirectory(bytesSource(bytes));
async function contentOf(archive: Uint8Array, index = 0): Promise<string> {
  const entry = (await entriesOf(archive))[index]!;
  return new TextDecoder().decode(await readZipEntry(bytesSource(archive), entry));
}
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no error',
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  );

describe('an archive', () => {
  it('is read entry by entry, as another program wrote it', async () => {
    const archive = zipSync({
      'day/a.dcm': text('first'),
      'day/b': [text('second'), { level: 0 }],
      'empty/': new Uint8Array(),
    });
    expect(isZip(archive)).toBe(true);
    expect((await entriesOf(archive)).map(({ name }) => name)).toEqual(['day/a.dcm', 'day/b']);
    expect(await contentOf(archive, 0)).toBe('first');
    expect(await contentOf(archive, 1)).toBe('second');
  });

  it('is found behind a comment that looks like its end', async () => {
    const archive = zipFile([plain('a')]);
    const comment = Uint8Array.from([0x50, 0x4b, 0x05, 0x06, ...Array.from({ length: 40 }, () => 7)]);
    const commented = new Uint8Array([...archive, ...comment]);
    new DataView(commented.buffer).setUint16(archive.length - 2, comment.length, true);
    expect(await contentOf(commented)).toBe('a'.repeat(50));
  });

  it('may be empty', async () => {
    expect(isZip(zipFile([]))).toBe(true);
    expect(await entriesOf(zipFile([]))).toEqual([]);
  });

  it('never gives a name that leads out of a folder', async () => {
    const names = [
      '../../etc/passwd',
      '/root/x',
      'C:\\Windows\\y',
      'a/../b',
      'n\u0000ul\n',
      '..',
      'a\\..\\..\\z',
    ];
    const entries = await entriesOf(zipFile(names.map((name) => plain(name))));
    expect(entries.map(({ name }) => name)).toEqual([
      'etc/passwd',
      'root/x',
      'C_/Windows/y',
      'a/b',
      'n_ul_',
      'unnamed',
      'a/z',
    ]);
  });

  it('shows names that are no UTF-8 in Latin letters', async () => {
    const archive = zipFile([{ ...plain('Xray'), flags: 0 }]);
    const latin = archive.map((byte) => (byte === 0x58 ? 0xd6 : byte));
    expect((await entriesOf(latin))[0]?.name).toBe('Öray');
  });
});

describe('an entry that is not what it states', () => {
  it.each<[string, BuiltEntry, string]>([
    ['encrypted', { ...plain('a'), flags: 0x801 }, 'image.encrypted'],
    ['packed by another method', { ...plain('a'), method: 12 }, 'image.archive-unsupported'],
    ['of the wrong checksum', { ...plain('a'), statedCrc: 1 }, 'image.archive-damaged'],
    ['longer than stated', { ...plain('a'), statedBytes: 10 }, 'image.archive-damaged'],
    ['shorter than stated', { ...plain('a'), statedBytes: 99 }, 'image.archive-damaged'],
    ['stored in another length', { ...plain('a'), method: 0, statedBytes: 7 }, 'image.archive-damaged'],
    ['no deflate stream', { ...plain('a'), data: text('no deflate stream') }, 'image.archive-damaged'],
    ['an archive itself', { name: 'in.zip', bytes: zipFile([plain('b')]) }, 'image.archive'],
    ['too large', { ...plain('a'), statedBytes: 300 * 2 ** 20 }, 'image.too-large'],
  ])('is refused, %s, and the one beside it is read', async (_, entry, code) => {
    const archive = zipFile([entry, plain('good')]);
    expect(await codeOf(contentOf(archive))).toBe(code);
    expect(await contentOf(archive, 1)).toBe('good'.repeat(50));
  });

  it('is refused before it is inflated when it would grow a thousandfold', async () => {
    const archive = zipFile([{ name: 'bomb.dcm', bytes: new Uint8Array(8 * 2 ** 20) }]);
    let read = 0;
    const source = bytesSource(archive);
    const counting = {
      ...source,
      async read(at: number, length: number) {
        read += length;
        return source.read(at, length);
      },
    };
    const [entry] = await readZipDirectory(counting);
    read = 0;
    expect(await codeOf(readZipEntry(counting, entry!))).toBe('image.too-large');
    expect(read).toBe(0);
  });

  it('cannot hide a bomb behind a small stated size', async () => {
    const archive = zipFile([{ name: 'bomb.dcm', bytes: new Uint8Array(16 * 2 ** 20), statedBytes: 1000 }]);
    expect(await codeOf(contentOf(archive))).toBe('image.archive-damaged');
  });
});

describe('an archive that is not what it states', () => {
  const two = zipFile([plain('a'), plain('b')]);
  const changed = (fromEnd: number, size: 2 | 4, value: number): Uint8Array => {
    const copy = two.slice();
    const view = new DataView(copy.buffer);
    if (size === 2) view.setUint16(copy.length - fromEnd, value, true);
    else view.setUint32(copy.length - fromEnd, value, true);
    return copy;
  };
  it.each([
    ['cut in the middle', two.subarray(0, two.length >> 1), 'image.archive-damaged'],
    ['without its end', two.subarray(0, two.length - 30), 'image.archive-damaged'],
    ['with more entries than it has', zipFile([plain('a')], 2), 'image.archive-damaged'],
    ['with a directory beyond its end', changed(6, 4, two.length), 'image.archive-damaged'],
    ['in several parts', changed(18, 2, 1), 'image.archive-unsupported'],
    ['of the ZIP64 kind', changed(6, 4, 0xffffffff), 'image.archive-unsupported'],
    [
      'with entries over each other',
      zipFile([plain('a'), { ...plain('b'), offset: 0 }]),
      'image.archive-damaged',
    ],
    [
      'with too many entries',
      zipFile(Array.from({ length: 20_001 }, (_, index) => ({ name: `${index}`, bytes: new Uint8Array() }))),
      'image.archive-too-large',
    ],
  ])('is refused: %s', async (_, archive, code) => {
    expect(await codeOf(entriesOf(archive))).toBe(code);
  });

  it('never throws anything but a reason, however it is damaged', async () => {
    const random = seededRandom(11);
    const archive = zipFile([plain('first'), plain('second'), { ...plain('third'), method: 0 }]);
    let refused = 0;
    for (let run = 0; run < 2000; run += 1) {
      const copy = archive.slice(0, random() < 0.2 ? Math.floor(random() * archive.length) : undefined);
      for (let flips = 0; flips < 3; flips += 1)
        copy[Math.floor(random() * copy.length)] = Math.floor(random() * 256);
      try {
        for (const entry of await entriesOf(copy)) await readZipEntry(bytesSource(copy), entry);
      } catch (error) {
        refused += 1;
        expect(error, `run ${run}`).toBeInstanceOf(AppError);
      }
    }
    expect(refused).toBeGreaterThan(1000);
  });
});

it('gives the beginning of an entry, and nothing of one that cannot be read', async () => {
  const archive = zipFile([
    plain('abc'),
    { ...plain('locked'), flags: 1 },
    { ...plain('x'), data: text('???') },
  ]);
  const source = bytesSource(archive);
  const [first, locked, broken] = await readZipDirectory(source);
  expect(new TextDecoder().decode(await readZipEntryHead(source, first!, 7))).toBe('abcabca');
  const random = seededRandom(3);
  const grain = Uint8Array.from({ length: 30_000 }, () => random() * 256);
  const dense = bytesSource(zipFile([{ name: 'grain', bytes: grain }]));
  expect(await readZipEntryHead(dense, (await readZipDirectory(dense))[0]!, 9)).toEqual(grain.subarray(0, 9));
  expect(await readZipEntryHead(source, locked!, 7)).toBeUndefined();
  expect(await readZipEntryHead(source, broken!, 7)).toBeUndefined();
});
