import { describe, expect, it } from 'vitest';
import { aFinding, aReading, aRefusal, anExplanation } from '../../tests/fixtures/analysis-builder.ts';
import { Analysis } from '../../shared/api/analysis.ts';
import type { Outcome, Reading } from './reading.ts';
import { withExplanation } from './reading-outcome.ts';
import { unkeptReadings } from './unkept-readings.ts';

const lungs = {
  model: 'fake-lungs',
  modelSha256: 'a'.repeat(64),
  box: { x0: 0, y0: 0, x1: 9, y1: 9 },
  areaShare: 0.3,
  outline: [],
};
const outcome: Outcome = {
  analysis: aReading({ lungs, findings: [aFinding(), aFinding({ code: 'nodule' })] }),
};
const methodsOf = ({ analysis }: Outcome, of: string): (string | undefined)[] | undefined =>
  (of === 'lungs' ? analysis?.lungs : analysis?.findings.find(({ code }) => code === of))?.explanations?.map(
    ({ method }) => method,
  );

describe('withExplanation', () => {
  it('adds it to its finding only, and the result stays one', () => {
    const explained = withExplanation(outcome, 'nodule', anExplanation());
    expect(methodsOf(explained, 'nodule')).toEqual(['ig']);
    expect(methodsOf(explained, 'pneumonia')).toBeUndefined();
    expect(() => Analysis.parse(explained.analysis)).not.toThrow();
  });

  it('keeps one of each method, the latest', () => {
    const first = withExplanation(outcome, 'pneumonia', anExplanation());
    const second = withExplanation(first, 'pneumonia', anExplanation({ method: 'gradcam' }));
    const third = withExplanation(second, 'pneumonia', anExplanation({ insideLungs: 0.1 }));
    expect(methodsOf(third, 'pneumonia')).toEqual(['gradcam', 'ig']);
    expect(third.analysis?.findings[0]?.explanations?.[1]?.insideLungs).toBe(0.1);
  });

  it('adds it to the lungs', () => {
    const explained = withExplanation(outcome, 'lungs', anExplanation());
    expect(methodsOf(explained, 'lungs')).toEqual(['ig']);
    expect(() => Analysis.parse(explained.analysis)).not.toThrow();
  });

  it('changes nothing where there is nothing to explain', () => {
    const refused: Outcome = { analysis: aRefusal('image.blank') };
    for (const of of ['lungs', 'pneumonia']) {
      expect(withExplanation(refused, of, anExplanation())).toEqual(refused);
    }
  });
});

describe('a reading that is not kept', () => {
  const reading: Reading = {
    id: 'a',
    fileName: 'a.png',
    bytes: 1,
    addedAt: 1,
    state: 'waiting',
    attempts: 0,
    synthetic: false,
    findings: [],
  };

  it('has its explanations until it is read again', async () => {
    const store = unkeptReadings();
    await store.add([{ reading, file: new ArrayBuffer(1) }]);
    await store.keepExplanation('a', 'pneumonia', anExplanation());
    expect((await store.get('a'))?.outcome).toBeUndefined();
    await store.finish('a', outcome);
    await store.keepExplanation('a', 'pneumonia', anExplanation());
    expect(methodsOf((await store.get('a'))!.outcome!, 'pneumonia')).toEqual(['ig']);
    await store.readAgain('a');
    await store.finish('a', outcome);
    expect(methodsOf((await store.get('a'))!.outcome!, 'pneumonia')).toBeUndefined();
  });
});
