import { deviceStoreContract } from '../../tests/contracts/device-store.contract.ts';
import { createMemoryDeviceTables } from './memory-device-tables.ts';

deviceStoreContract('in memory', async (identity) => {
  const tables = createMemoryDeviceTables(identity);
  return { tables, again: async () => tables, close: async () => undefined };
});
