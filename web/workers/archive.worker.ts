import '../pwa/trusted-urls.ts';
import { archivePictures } from '../../shared/imaging/archive/archive-pictures.ts';
import type { ByteSource } from '../../shared/imaging/archive/byte-source.ts';
import { readZipEntry } from '../../shared/imaging/archive/zip-entry.ts';
import { listedFiles } from '../../shared/imaging/dicomdir.ts';
import { AppError, describeThrown } from '../../shared/kernel/errors.ts';
import type { ArchiveApi } from '../engine/archive-api.ts';
import { serve, transfer } from '../engine/worker-rpc.ts';

/** Inflates what lies in archives, so that the page itself never does. */

function blobSource(blob: Blob): ByteSource {
  return {
    size: blob.size,
    async read(offset, length) {
      try {
        return new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
      } catch (cause) {
        throw new AppError('image.unreadable', describeThrown(cause), { cause });
      }
    },
  };
}

const api: ArchiveApi = {
  pictures: (archive) => archivePictures(blobSource(archive)),
  async entry(archive, entry) {
    const { buffer } = await readZipEntry(blobSource(archive), entry);
    return transfer(buffer, [buffer]);
  },
  async listed(dicomdir) {
    try {
      return listedFiles(new Uint8Array(await dicomdir.arrayBuffer()));
    } catch {
      // A damaged list gives no order; the pictures are read all the same.
      return [];
    }
  },
};
serve(api);
