import { z } from 'zod';
import type { ErrorCode } from '../kernel/errors.ts';
import { Analysis } from './analysis.ts';
import { ExplainMethods } from './explanation.ts';
import { Health } from './health.ts';

/** One row of the API: the hub's routes are made from these rows and there are no others. */
export interface Endpoint {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly path: `/api/v1/${string}`;
  readonly summary: string;
  /** `multipart-file`: multipart/form-data with exactly one field, `file`. */
  readonly request: 'none' | 'multipart-file';
  /** Parameters after the `?`; others are not looked at. */
  readonly query?: z.ZodType;
  readonly response: z.ZodType;
  /** What it may answer besides `response`, apart from the intake reasons of a refused image (status 422). */
  readonly errors: readonly ErrorCode[];
}

/** An explanation costs as much as many pictures; more of them are more requests, which wait their turn. */
const mostMethods = 3;

export const PredictQuery = z.object({
  /** Explanations beyond the Grad-CAM of every finding, with commas between. */
  explain: ExplainMethods.refine((methods) => methods.length <= mostMethods, {
    error: `at most ${mostMethods} explanations at once`,
  }).default([]),
});

export const predictEndpoint = {
  name: 'predict',
  method: 'POST',
  path: '/api/v1/inference/predict',
  summary: 'Reads one chest X-ray (DICOM, JPEG or PNG) and keeps nothing of it.',
  request: 'multipart-file',
  query: PredictQuery,
  response: Analysis,
  errors: [
    'request.invalid',
    'request.too-large',
    'request.forbidden-host',
    'request.cross-site',
    'image.empty',
    'image.unknown-format',
    'image.no-pixels',
    'image.truncated',
    'image.damaged',
    'image.unsupported',
    'image.too-large',
    'model.run-failed',
    'model.bad-output',
    'inference.busy',
    'inference.timeout',
    'inference.worker-died',
    'server.internal',
  ],
} as const satisfies Endpoint;

export const healthEndpoint = {
  name: 'health',
  method: 'GET',
  path: '/api/v1/health/',
  summary: 'Whether the hub is ready (200, otherwise 503 with the same body), its models and its load.',
  request: 'none',
  response: Health,
  errors: ['request.forbidden-host', 'server.internal'],
} as const satisfies Endpoint;

export const endpoints = [predictEndpoint, healthEndpoint] as const;

export type EndpointName = (typeof endpoints)[number]['name'];
