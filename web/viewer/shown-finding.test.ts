import { expect, it } from 'vitest';
import { aFinding } from '../../tests/fixtures/analysis-builder.ts';
import { shownFinding } from './shown-finding.ts';

const likely = aFinding({ code: 'effusion', probability: 0.7 });
const findings = [aFinding({ probability: 0.2 }), likely, aFinding({ code: 'nodule', probability: 0.4 })];

it('shows the map of the finding with the highest probability', () => {
  expect(shownFinding(findings, undefined)).toBe(likely);
});

it('shows the chosen one, unless this picture has no such finding', () => {
  expect(shownFinding(findings, 'nodule')).toBe(findings[2]);
  expect(shownFinding(findings, 'fracture')).toBe(likely);
});

it('shows none where there is none', () => {
  expect(shownFinding([], undefined)).toBeUndefined();
});
