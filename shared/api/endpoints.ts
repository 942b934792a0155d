import { auditEndpoints } from './audit.ts';
import { authEndpoints } from './auth.ts';
import { blobEndpoints } from './blobs.ts';
import { deviceEndpoints } from './devices.ts';
import { healthEndpoints } from './health.ts';
import { inferenceEndpoints } from './inference.ts';
import { syncEndpoints } from './sync.ts';
import { userEndpoints } from './users.ts';

export const endpoints = [
  ...inferenceEndpoints,
  ...healthEndpoints,
  ...authEndpoints,
  ...userEndpoints,
  ...deviceEndpoints,
  ...syncEndpoints,
  ...auditEndpoints,
  ...blobEndpoints,
] as const;
