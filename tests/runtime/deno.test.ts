import { startOnDeno } from './start-hubs.ts';
import { syncApiContract } from './sync-api.contract.ts';

syncApiContract('Deno, libSQL over HTTP', startOnDeno);
