import { fromHex, toBase64Url } from '../../shared/kernel/bytes.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import { type BundleKey, generationOf, keyName } from '../../shared/log/bundle/bundle-key.ts';
import { type AuthDeps, readOne } from './auth-deps.ts';
import type { BundleKeys } from './accounts-api.ts';

/**
 * Nothing is stored: a key follows from the hub's index secret, which is made once and survives every change of the master key,
 * so that a hub restored from any copy still reads every bundle. Each device that is shut out begins a new generation.
 */
export function createBundleKeys({
  database,
  sealer,
  logCrypto,
}: Pick<AuthDeps, 'database' | 'sealer' | 'logCrypto'>): BundleKeys {
  const keyOf = (clinic: string, generation: number): BundleKey => ({
    generation,
    // A keyed hash (HMAC-SHA-256) under a key of this purpose alone: to everybody without it, 32 random bytes.
    secret: toBase64Url(fromHex(sealer.blindIndex(`${clinic}\n${generation}`, 'bundle-key:1'))),
  });

  return {
    async current(clinic) {
      const row = await readOne(
        database,
        'SELECT count(*) AS revoked FROM enrolments WHERE clinic = ? AND revoked_at IS NOT NULL',
        clinic,
      );
      return keyOf(clinic, 1 + Number(row!['revoked']));
    },
    async secretFor({ clinic, key }) {
      const known = await readOne(database, 'SELECT 1 FROM clinics WHERE id = ?', clinic);
      if (known === undefined) throw new AppError('bundle.other-clinic', 'no clinic of this hub');
      const found = keyOf(clinic, generationOf(key));
      if (keyName(found, logCrypto) !== key)
        throw new AppError('bundle.no-key', `the key ${key} is not of this hub`);
      return found.secret;
    },
  };
}
