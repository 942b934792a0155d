import { describe, expect, it } from 'vitest';
import { dicomdirFile } from '../../../tests/fixtures/dicomdir-builder.ts';
import { zipFile } from '../../../tests/fixtures/zip-builder.ts';
import { collectDropped, filesOfFolder, filesOutright, type FoundFile } from './dropped-files.ts';

const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Entries as a browser hands them out, from a description of files and folders. */
function fileEntry(path: string, content: BlobPart | Error = ''): FileSystemEntry {
  const entry = {
    isFile: true,
    isDirectory: false,
    fullPath: path,
    file: (resolve: (file: File) => void, reject: (error: Error) => void) =>
      content instanceof Error ? reject(content) : resolve(new File([content], path.split('/').at(-1)!)),
  };
  return entry as unknown as FileSystemEntry;
}

function folderEntry(path: string, children: readonly FileSystemEntry[], atOnce = 100): FileSystemEntry {
  const entry = {
    isFile: false,
    isDirectory: true,
    fullPath: path,
    createReader: () => {
      let given = 0;
      return {
        readEntries: (resolve: (part: readonly FileSystemEntry[]) => void) => {
          const part = children.slice(given, given + atOnce);
          given += part.length;
          resolve(part);
        },
      };
    },
  };
  return entry as unknown as FileSystemEntry;
}

const namesOf = (files: readonly FoundFile[]): string[] => files.map(({ file }) => file.name);

describe('files and folders that are dropped', () => {
  it('are walked to the last of them, however few the browser gives at once', async () => {
    const many = Array.from({ length: 250 }, (_, index) => fileEntry(`/day/${index}.dcm`));
    const inner = folderEntry('/day/inner', [fileEntry('/day/inner/last.jpg')]);
    const { pictures: files, problems } = await collectDropped([folderEntry('/day', [...many, inner], 100)]);
    expect(files).toHaveLength(251);
    expect(files.at(-1)?.file.name).toBe('last.jpg');
    expect(problems).toEqual([]);
  });

  it('finds pictures without extension and leaves out what is none', async () => {
    const folder = folderEntry('/day', [
      fileEntry('/day/IM0001', png),
      fileEntry('/day/.DS_Store', 'x'),
      fileEntry('/day/notes.txt', 'Dear colleague'),
    ]);
    const { pictures: files, leftOut } = await collectDropped([folder]);
    expect(namesOf(files)).toEqual(['IM0001']);
    expect(leftOut).toBe(2);
  });

  it('takes a file that was dropped by itself, whatever it is', async () => {
    const { pictures: files, leftOut } = await collectDropped([fileEntry('/notes.txt', 'Dear colleague')]);
    expect(namesOf(files)).toEqual(['notes.txt']);
    expect(leftOut).toBe(0);
  });

  it('tells which file could not be opened and goes on', async () => {
    const closed = fileEntry('/day/closed.dcm', new Error('permission denied'));
    const { pictures: files, problems } = await collectDropped([
      folderEntry('/day', [closed, fileEntry('/day/open.dcm')]),
    ]);
    expect(namesOf(files)).toEqual(['open.dcm']);
    expect(problems).toEqual(['day/closed.dcm: permission denied']);
  });

  it('looks through a folder that was chosen in the same way', async () => {
    const chosen = [new File([png], 'IM0001'), new File(['x'], 'Thumbs.db'), new File([''], 'a.DCM')];
    const { pictures: files, leftOut } = await filesOfFolder(chosen);
    expect(namesOf(files)).toEqual(['IM0001', 'a.DCM']);
    expect(leftOut).toBe(1);
  });

  it('tells archives and lists from pictures, and says of a list alone what to do', async () => {
    const list = new Uint8Array(dicomdirFile([{ type: 'IMAGE', file: 'A' }]));
    const archive = new File([zipFile([])], 'all.zip');
    const folder = await filesOfFolder([new File([list], 'DICOMDIR'), archive, new File([png], 'A')]);
    expect([folder.pictures, folder.lists, folder.archives].map((files) => namesOf(files))).toEqual([
      ['A'],
      ['DICOMDIR'],
      ['all.zip'],
    ]);
    const alone = await filesOutright([new File([list], 'DICOMDIR'), archive]);
    expect(alone).toMatchObject({ pictures: [], lists: [] });
    expect(namesOf(alone.archives)).toEqual(['all.zip']);
    expect(alone.problems).toEqual([
      'DICOMDIR is only a list of pictures. Choose the folder that it lies in.',
    ]);
  });
});
