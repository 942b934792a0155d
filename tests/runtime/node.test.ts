import { startOnNode, startOnNodeWithFile } from './start-hubs.ts';
import { syncApiContract } from './sync-api.contract.ts';

syncApiContract('Node, libSQL in a file', startOnNodeWithFile);
syncApiContract('Node, libSQL over HTTP', startOnNode);
