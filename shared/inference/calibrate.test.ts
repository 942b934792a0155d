import { expect, it } from 'vitest';
import { classificationManifest, fakeHash } from '../../tests/fixtures/fake-models.ts';
import { calibrate, operatingPointFor } from './calibrate.ts';
import { checkPopulation } from './population.ts';

const [finding] = classificationManifest().findings;

it('is the logistic function of slope · logit + intercept', () => {
  const { calibration } = finding!;
  expect(calibrate(0.5, calibration)).toBe(0.5);
  expect(calibrate(1, calibration)).toBeCloseTo(1 / (1 + Math.exp(-1)), 12);
  expect(calibrate(-1e4, calibration)).toBe(0);
  expect(calibrate(1e4, calibration)).toBe(1);
});

it('refuses an operating point of other weights', () => {
  expect(operatingPointFor(finding!, fakeHash).threshold).toBe(0.5);
  expect(() => operatingPointFor(finding!, 'b'.repeat(64))).toThrow(
    expect.objectContaining({ code: 'model.bad-manifest' }),
  );
});

it.each([
  ['unknown', undefined, 1],
  ['11 months', 0.9, 1],
  ['one year', 1, 0],
  ['5 years and 11 months', 5.9, 0],
  ['six years', 6, 1],
  ['an adult', 46, 1],
])('knows the population: %s', (_, patientAgeYears, warnings) => {
  const reasons = checkPopulation({ patientAgeYears }, classificationManifest());
  expect(reasons.map(({ code }) => code)).toEqual(Array(warnings).fill('image.outside-population'));
});
