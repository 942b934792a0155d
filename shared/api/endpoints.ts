import { healthEndpoints } from './health.ts';
import { inferenceEndpoints } from './inference.ts';

export const endpoints = [...inferenceEndpoints, ...healthEndpoints] as const;

export type EndpointName = (typeof endpoints)[number]['name'];
