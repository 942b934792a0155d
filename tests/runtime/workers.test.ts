import { withSqld } from '../hub-log/start-sqld.ts';
import { startOnWorkers } from './start-hubs.ts';
import { syncApiContract } from './sync-api.contract.ts';

withSqld(() => syncApiContract('Workers', startOnWorkers));
