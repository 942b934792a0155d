import { AppError } from '../kernel/errors.ts';
import type { Finding, OperatingPoint, PlattCalibration } from '../model/manifest.ts';

/** Platt scaling of a logit to a probability. */
export function calibrate(logit: number, { slope, intercept }: PlattCalibration): number {
  return 1 / (1 + Math.exp(-(slope * logit + intercept)));
}

/**
 * The finding's default operating point, provided it was measured with these weights.
 * @throws AppError `model.bad-manifest`
 */
export function operatingPointFor(finding: Finding, modelSha256: string): OperatingPoint {
  const point = finding.operatingPoints.find(({ name }) => name === finding.defaultOperatingPoint);
  if (point === undefined || point.modelSha256 !== modelSha256) {
    throw new AppError(
      'model.bad-manifest',
      `${finding.code}: no operating point for the weights ${modelSha256}`,
    );
  }
  return point;
}
