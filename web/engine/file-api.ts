import type { Deidentified, Mask } from '../../shared/imaging/deidentify/deidentify-options.ts';
import type { HeaderRow } from '../../shared/imaging/header/header-rows.ts';
import type { ImageFormat } from '../../shared/imaging/image-format.ts';
import type { ErrorCode } from '../../shared/kernel/errors.ts';

/** What the page and the file worker say to each other. Buffers are transferred; the worker keeps nothing. */
export interface FileApi {
  /** @throws AppError `image.*` */
  header(file: ArrayBuffer): Promise<FileHeader>;
  /** What a person must see before a picture leaves. @param frame counted from 0 @throws AppError `image.*` */
  preview(file: ArrayBuffer, frame: number): Promise<ExportPreview>;
  /** @throws AppError `image.*`, `deidentify.*` */
  deidentify(file: ArrayBuffer, options: ExportOptions): Promise<ExportedFile>;
}

export interface FileHeader {
  readonly format: ImageFormat;
  /** Empty where the format has no header that people read. */
  readonly rows: readonly HeaderRow[];
  /** Why the rows end before the file does. */
  readonly problem?: ErrorCode;
}

export interface ExportPreview {
  /** Of the picture in the file. */
  readonly width: number;
  readonly height: number;
  /** Pictures in the file; all of them leave together. */
  readonly frames: number;
  /** PNG, no larger than a screen. */
  readonly png: ArrayBuffer;
  /** What the file says of writing in its picture. */
  readonly burnedIn: 'yes' | 'no' | 'unknown';
  /** Whether it has dates and descriptions that could be kept. */
  readonly hasHeader: boolean;
  readonly proposals: readonly Mask[];
}

export interface ExportOptions {
  readonly longitudinal: boolean;
  readonly cleanDescriptors: boolean;
  readonly masks: readonly Mask[];
  readonly burnedInChecked: boolean;
  /** 32 bytes. */
  readonly key: ArrayBuffer;
}

export interface ExportedFile extends Omit<Deidentified, 'bytes'> {
  readonly bytes: ArrayBuffer;
}
