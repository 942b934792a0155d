import { startOnWorkers } from './start-hubs.ts';
import { syncApiContract } from './sync-api.contract.ts';

syncApiContract('Workers, libSQL over HTTP', startOnWorkers);
