import { PullAnswer, PullRequest, PushAnswer, PushRequest } from '../log/exchange.ts';
import { readPushRequest } from '../log/read-push-request.ts';
import { anyRole, type Endpoint } from './endpoint.ts';

const refused = [
  'sync.client-too-old',
  'sync.unknown-device',
  'sync.revoked-device',
  'sync.slow-down',
] as const;

export const pushEndpoint = {
  name: 'push',
  method: 'POST',
  path: '/api/v1/sync/push',
  summary: 'Hands records to the hub; everything it says to have stored is durable.',
  access: anyRole,
  request: 'json',
  body: PushRequest,
  readBody: readPushRequest,
  maxBodyBytes: 8 * 1024 * 1024,
  response: PushAnswer,
  audit: 'itself',
  errors: [...refused, 'storage.full'],
} as const satisfies Endpoint;

/** POST although it only reads: a checkpoint does not belong into an address. */
export const pullEndpoint = {
  name: 'pull',
  method: 'POST',
  path: '/api/v1/sync/pull',
  summary: 'The records of the clinic in their order, page by page.',
  access: anyRole,
  request: 'json',
  body: PullRequest,
  response: PullAnswer,
  audit: 'aggregate',
  errors: [...refused],
} as const satisfies Endpoint;

export const syncEndpoints = [pushEndpoint, pullEndpoint] as const;
