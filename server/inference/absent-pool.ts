import { AppError } from '../../shared/kernel/errors.ts';
import type { InferencePool } from './pool-api.ts';

/** In the place of a pool on a host without child processes: no models, and every image is refused by its own code. */
export const absentPool: InferencePool = {
  size: 0,
  ready: async () => [],
  read: async () => {
    throw new AppError('inference.unavailable-here', 'this host starts no child processes');
  },
  load: () => ({ waiting: 0, running: 0, restarts: 0 }),
  close: async () => undefined,
};
