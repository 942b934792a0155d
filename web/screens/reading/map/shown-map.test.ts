import { describe, expect, it } from 'vitest';
import { aFinding, aHeatmap, aReading, anExplanation } from '../../../../tests/fixtures/analysis-builder.ts';
import type { EngineState } from '../../../engine/engine-state.ts';
import { chosenOf, type MapSubject, methodsFor, subjectsOf } from './map-subjects.ts';
import { progressInWords } from './map-words.ts';
import { type MapSituation, shownMap } from './shown-map.ts';

const likely = aFinding({ code: 'effusion', probability: 0.7 });
const analysis = aReading({ findings: [aFinding({ probability: 0.2 }), likely] });
const subjectOf = (changes: Parameters<typeof aFinding>[0] = {}): MapSubject =>
  subjectsOf(aReading({ findings: [aFinding(changes)] }))[0]!;

const model = {
  name: 'fake-classifier',
  version: '1',
  bytes: 1,
  runtime: { name: 'ort', version: '1', backend: 'wasm' as const, threads: 1 },
  check: { cases: 1, values: 1, maxError: 0 },
  choice: {
    model: 'fake-classifier',
    modelSha256: '',
    backend: 'wasm' as const,
    threads: 1,
    reason: '',
    trials: [],
    chosenAt: '',
  },
};
const readyWith = (sha256: string): EngineState => ({
  phase: 'ready',
  keptOffline: true,
  models: [{ ...model, sha256 }],
});
const idle: MapSituation = {
  computed: undefined,
  failure: undefined,
  engine: readyWith('b'.repeat(64)),
  nothingWaits: true,
};

describe('what can be explained', () => {
  it('is each finding, the most probable first, and the lungs', () => {
    const lungs = { model: 'l', modelSha256: 'c', box: likely.heatmap!.box, areaShare: 0.3, outline: [] };
    expect(subjectsOf({ ...analysis, lungs }).map(({ code }) => code)).toEqual([
      'effusion',
      'pneumonia',
      'lungs',
    ]);
    expect(subjectsOf(aReading({ findings: [] }))).toEqual([]);
  });

  it('starts with the map that came with the most probable finding', () => {
    const { subject, method } = chosenOf(subjectsOf(analysis), {});
    expect([subject?.code, method]).toEqual(['effusion', 'gradcam']);
  });

  it('keeps the method when another finding is chosen, if it has that', () => {
    const subjects = subjectsOf(analysis);
    expect(chosenOf(subjects, { of: 'pneumonia', method: 'ig' })).toMatchObject({
      subject: { code: 'pneumonia' },
      method: 'ig',
    });
    expect(chosenOf(subjects, { of: 'pneumonia', method: 'class-activation-map' }).method).toBe('gradcam');
  });

  it('fades with a score below the operating point', () => {
    expect(subjectOf({ probability: 0.25 }).strength).toBe(0.5);
    expect(subjectOf().strength).toBe(1);
  });
});

describe('the shown map', () => {
  it('is there at once and checked when nothing waits', () => {
    const subject = subjectOf();
    expect(shownMap(subject, 'gradcam', idle)).toMatchObject({
      heatmap: subject.heatmap,
      progress: { is: 'computing', hasMap: true },
    });
    const { progress } = shownMap(subject, 'gradcam', { ...idle, nothingWaits: false });
    expect(progress).toMatchObject({ is: 'waiting', hasMap: true });
    expect(progressInWords(progress)).toContain('no picture waits');
  });

  it('is computed when it is chosen, also while pictures wait', () => {
    const { heatmap, progress } = shownMap(subjectOf(), 'ig', { ...idle, nothingWaits: false });
    expect(heatmap).toBeUndefined();
    expect(progress).toEqual({ is: 'computing', hasMap: false });
  });

  it('is the kept one with its verdict, without an engine', () => {
    const subject = subjectOf({ explanations: [anExplanation({ shortcomings: ['outside-lungs'] })] });
    const { progress } = shownMap(subject, 'ig', { ...idle, engine: { phase: 'starting' } });
    expect(progress).toMatchObject({ is: 'judged', words: { holds: false } });
    expect(progressInWords(progress)).toMatch(/^Do not rely on this map\. It lies outside the lungs/);
  });

  it('waits for an engine that is not ready', () => {
    const stopped = { ...idle, engine: { phase: 'starting' } as const };
    expect(shownMap(subjectOf(), 'ig', stopped).progress).toMatchObject({ is: 'waiting', hasMap: false });
  });

  it('says why there is none', () => {
    const { progress } = shownMap(subjectOf(), 'ig', { ...idle, failure: 'its gradients failed.' });
    expect(progressInWords(progress)).toBe('This device cannot compute this map: its gradients failed.');
  });

  it('is not computed with other weights than the result', () => {
    const updated = { ...idle, engine: readyWith('c') };
    expect(shownMap(subjectOf(), 'ig', updated).progress).toEqual({ is: 'outdated', hasMap: false });
  });

  it('of an earlier version is shown, and called unchecked', () => {
    const subject = subjectOf({ heatmap: { ...aHeatmap([0, 0, 0, 1]), method: 'class-activation-map' } });
    const { method } = chosenOf([subject], {});
    expect(method).toBe('class-activation-map');
    expect(methodsFor(subject)[0]).toBe(method);
    const { heatmap, progress } = shownMap(subject, method, idle);
    expect(heatmap).toBe(subject.heatmap);
    expect(progressInWords(progress)).toContain('earlier version');
  });
});
