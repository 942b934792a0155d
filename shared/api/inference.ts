import { z } from 'zod';
import { Analysis } from './analysis.ts';
import { anyRole, type Endpoint } from './endpoint.ts';
import { ExplainMethods } from './explanation.ts';

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
  summary: 'Reads one chest X-ray (DICOM, JPEG or PNG).',
  access: anyRole,
  request: 'multipart-file',
  query: PredictQuery,
  response: Analysis,
  audit: 'itself',
  errors: [
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
    'storage.full',
  ],
} as const satisfies Endpoint;

export const inferenceEndpoints = [predictEndpoint] as const;
