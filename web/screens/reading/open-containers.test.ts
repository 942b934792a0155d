import { describe, expect, it } from 'vitest';
import { archivePictures } from '../../../shared/imaging/archive/archive-pictures.ts';
import { bytesSource } from '../../../shared/imaging/archive/byte-source.ts';
import { readZipEntry } from '../../../shared/imaging/archive/zip-entry.ts';
import { listedFiles } from '../../../shared/imaging/dicomdir.ts';
import { dicomdirFile } from '../../../tests/fixtures/dicomdir-builder.ts';
import { zipFile } from '../../../tests/fixtures/zip-builder.ts';
import type { ArchiveClient } from '../../engine/archive-client.ts';
import type { Found } from './dropped-files.ts';
import { openContainers } from './open-containers.ts';

const bytesOf = async (blob: Blob): Promise<Uint8Array> => new Uint8Array(await blob.arrayBuffer());

/** The same functions as in the worker, without one. */
const archives: ArchiveClient = {
  pictures: async (archive) => archivePictures(bytesSource(await bytesOf(archive))),
  entry: async (archive, entry) => (await readZipEntry(bytesSource(await bytesOf(archive)), entry)).buffer,
  listed: async (dicomdir) => listedFiles(await bytesOf(dicomdir)),
};
const nothing: Found = { pictures: [], archives: [], lists: [], leftOut: 1, problems: ['closed'] };
const found = (path: string, content: BlobPart = 'x') => ({
  path,
  file: new File([content], path.slice(path.lastIndexOf('/') + 1)),
});
const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

describe('archives and lists among what was chosen', () => {
  it('become their entries, each opened when its turn comes', async () => {
    const archive = zipFile([
      { name: 'day/b.png', bytes: png },
      { name: 'day/a.png', bytes: png, statedCrc: 1 },
      { name: 'notes.txt', bytes: new TextEncoder().encode('Dear colleague') },
    ]);
    const { files, leftOut, problems } = await openContainers(
      { ...nothing, pictures: [found('first.png')], archives: [found('all.zip', archive)] },
      archives,
    );
    expect(files.map(({ name }) => name)).toEqual([
      'first.png',
      'all.zip › day/a.png',
      'all.zip › day/b.png',
    ]);
    expect(files[2]?.size).toBe(png.length);
    expect(new Uint8Array(await files[2]!.arrayBuffer())).toEqual(png);
    await expect(files[1]!.arrayBuffer()).rejects.toMatchObject({ code: 'image.archive-damaged' });
    expect({ leftOut, problems }).toEqual({ leftOut: 2, problems: ['closed'] });
  });

  it('that cannot be opened, or hold no picture, are a row of their own', async () => {
    const broken = zipFile([{ name: 'a.png', bytes: png }]).slice(0, 40);
    const { files } = await openContainers(
      { ...nothing, archives: [found('broken.zip', broken), found('empty.zip', zipFile([]))] },
      archives,
    );
    expect(files.map(({ name }) => name)).toEqual(['broken.zip', 'empty.zip']);
    await expect(files[0]!.arrayBuffer()).rejects.toMatchObject({ code: 'image.archive-damaged' });
    await expect(files[1]!.arrayBuffer()).rejects.toMatchObject({ code: 'image.archive-empty' });
  });

  it('give their order, and a row for what is missing', async () => {
    const list = new Uint8Array(
      dicomdirFile(['I\\2', 'I\\1', 'I\\3'].map((file) => ({ type: 'IMAGE', file }) as const)),
    );
    const { files } = await openContainers(
      {
        ...nothing,
        pictures: [found('cd/I/1'), found('cd/I/2')],
        lists: [found('cd/DICOMDIR', list)],
      },
      archives,
    );
    expect(files.map(({ name }) => name)).toEqual(['2', '1', 'cd/I/3']);
    await expect(files[2]!.arrayBuffer()).rejects.toMatchObject({ code: 'image.missing' });
  });
});
