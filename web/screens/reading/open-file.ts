import { AppError } from '../../../shared/kernel/errors.ts';
import type { Readings } from '../../app/services.ts';

/** The file of a reading. @throws AppError `image.unreadable` where it is not on this device any more */
export async function openFile(readings: Pick<Readings, 'file'>, id: string): Promise<ArrayBuffer> {
  const file = await readings.file(id);
  if (file === undefined || file.byteLength === 0)
    throw new AppError('image.unreadable', 'the file is not on this device any more');
  return file;
}
