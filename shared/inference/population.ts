import { intakeReason, type IntakeReason } from '../imaging/intake-reasons.ts';
import type { ModelManifest } from '../model/manifest.ts';

/** A warning unless the patient's age is known and inside the ages that the model was made for. */
export function checkPopulation(
  header: { readonly patientAgeYears?: number | undefined } | undefined,
  { population, name }: ModelManifest,
): IntakeReason[] {
  const { minAgeYears, maxAgeYears } = population;
  const age = header?.patientAgeYears;
  const range = `${name} is for ${minAgeYears} to ${maxAgeYears} years`;
  if (age === undefined) return [intakeReason('image.outside-population', `age unknown; ${range}`)];
  if (age >= minAgeYears && age < maxAgeYears + 1) return [];
  return [intakeReason('image.outside-population', `age ${age.toFixed(1)} years; ${range}`)];
}
