import { AppError } from '../../shared/kernel/errors.ts';
import type { Database } from './database.ts';

const keyBytes = 32;
const name = 'pseudonym-key';

/**
 * The key of this device, made when it is first needed: with it a patient has the same pseudonym each time. Two pages that
 * make it at once end with the same one. @throws AppError `storage.unavailable`
 */
export async function pseudonymKey({ keys }: Pick<Database, 'keys'>): Promise<ArrayBuffer> {
  try {
    const present = await keys.get(name);
    if (present !== undefined) return present;
    const made = crypto.getRandomValues(new Uint8Array(keyBytes)).buffer;
    return await keys.add(made, name).then(
      () => made,
      async (error: unknown) => {
        const other = await keys.get(name);
        if (other === undefined) throw error;
        return other;
      },
    );
  } catch (cause) {
    // Without a key that is kept, the next picture of this patient would have another pseudonym.
    throw new AppError('storage.unavailable', String(cause), { cause });
  }
}
