import type { ArchivePictures } from '../../shared/imaging/archive/archive-pictures.ts';
import type { ZipEntry } from '../../shared/imaging/archive/zip-directory.ts';

/** What the page and the archive worker say to each other. Files are handed over without being read into memory. */
export interface ArchiveApi {
  /** What of a ZIP file is to be read. @throws AppError `image.archive-*` */
  pictures(archive: Blob): Promise<ArchivePictures>;
  /** @throws AppError `image.*` */
  entry(archive: Blob, entry: ZipEntry): Promise<ArrayBuffer>;
  /** The names in a DICOMDIR, in its order; none where it is damaged. */
  listed(dicomdir: Blob): Promise<readonly string[]>;
}
