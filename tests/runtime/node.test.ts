import { withSqld } from '../hub-log/start-sqld.ts';
import { startOnNode, startOnNodeWithFile } from './start-hubs.ts';
import { syncApiContract } from './sync-api.contract.ts';

syncApiContract('Node with a file', startOnNodeWithFile);
withSqld(() => syncApiContract('Node', startOnNode));
