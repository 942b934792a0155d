import { sealedDeviceNames } from '../auth/devices.ts';
import { sealedTokenKeys } from '../auth/token-keys.ts';
import { sealedAddresses } from '../auth/user-rows.ts';
import type { SealedColumn } from '../keys/sealer-api.ts';
import { sealedRows } from '../store/log/folded-rows.ts';
import { rootKeyPlace } from '../store/log/root-key.ts';
import { sealedBodies } from '../store/log/stored-bodies.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import { indexSecretPlace } from './secret-in-meta.ts';

const placesInMeta: readonly { readonly name: string; readonly aad: string }[] = [
  indexSecretPlace,
  rootKeyPlace,
];

const sealedSecrets: SealedColumn = {
  table: 'meta',
  keys: ['name'],
  column: 'value',
  aad({ name }) {
    const place = placesInMeta.find((each) => each.name === name);
    if (place === undefined)
      throw new AppError('server.internal', 'meta holds a value that nobody described');
    return place.aad;
  },
};

/** Everything in the hub's database that is sealed, in the words of whoever runs the hub. */
export const sealedThings: readonly {
  readonly what: string;
  readonly columns: readonly SealedColumn[];
}[] = [
  { what: 'secrets of the hub', columns: [sealedSecrets] },
  { what: 'keys of sign-ins', columns: [sealedTokenKeys] },
  { what: 'addresses of accounts', columns: [sealedAddresses] },
  { what: 'names of devices', columns: [sealedDeviceNames] },
  { what: 'texts of the log', columns: [sealedBodies] },
  { what: 'rows made from the log', columns: sealedRows },
];
