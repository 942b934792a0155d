import { withSqld } from '../hub-log/start-sqld.ts';
import { startOnDeno } from './start-hubs.ts';
import { syncApiContract } from './sync-api.contract.ts';

withSqld(() => syncApiContract('Deno', startOnDeno));
