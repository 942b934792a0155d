import type { RuntimeStore } from '../engine/runtime-store.ts';
import type { Database } from './database.ts';

export function runtimeSettings({ settings }: Database): RuntimeStore {
  return {
    read: () => settings.get('runtimes').catch(() => undefined),
    write: async (stored) => {
      await settings.put(stored, 'runtimes').catch(() => undefined);
    },
  };
}
