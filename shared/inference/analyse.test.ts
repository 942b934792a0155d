import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fakeClassifier, fakeLungs, twoLungs } from '../../tests/fixtures/fake-models.ts';
import { Analysis } from '../api/analysis.ts';
import { phantomFile } from '../imaging/phantom-file.ts';
import { encodePng } from '../imaging/png-encode.ts';
import { analyse, type PipelineContext, refuseUnopened } from './analyse.ts';
import { AppError } from '../kernel/errors.ts';

function context(change: Partial<PipelineContext> = {}): PipelineContext {
  let ms = 0;
  return {
    lungs: fakeLungs(twoLungs),
    classifier: fakeClassifier(),
    loadCodec: async (name) => expect.unreachable(`codec ${name} was asked for`),
    sha256: async (bytes) => createHash('sha256').update(bytes).digest('hex'),
    now: () => (ms += 1),
    wallClock: () => new Date('2026-01-02T03:04:05Z'),
    programVersion: '0.0.0',
    ...change,
  };
}

const film = encodePng(
  160,
  200,
  Uint8Array.from({ length: 32_000 }, (_, index) => (index * 7) % 256),
);

describe('analyse', () => {
  it('reads a film from bytes to a valid analysis', async () => {
    const { analysis, image, lungs } = await analyse(film, context());
    expect(Analysis.parse(analysis)).toEqual(analysis);
    expect(analysis.intake.reasons.map(({ code }) => code)).toEqual(['image.outside-population']);
    expect(analysis.image).toMatchObject({ format: 'png', width: 160, height: 200, synthetic: false });
    // The fake's logit is 1; Platt with slope 2 and intercept −1.
    expect(analysis.findings[0]?.probability).toBeCloseTo(1 / (1 + Math.exp(-1)), 6);
    expect(analysis.findings[0]).toMatchObject({ positive: true, shownAs: 'score' });
    expect(analysis.findings[0]?.advice).toMatch(/^Do not act on this score/);
    expect(analysis.findings[0]?.heatmap).toMatchObject({ rows: 2, columns: 2, values: [0, 0.3333, 0, 1] });
    expect(analysis.provenance.timesMs.total).toBeGreaterThan(0);
    expect(image?.width).toBe(160);
    expect(lungs?.columns).toBe(8);
  });

  it('labels the phantom as synthetic', async () => {
    const { analysis } = await analyse(phantomFile({ width: 200, height: 180 }), context());
    expect(analysis.image.synthetic).toBe(true);
    expect(analysis.intake.reasons[0]?.code).toBe('image.synthetic');
  });

  it.each<[string, Uint8Array, string]>([
    ['an empty file', new Uint8Array(), 'image.empty'],
    ['text', new TextEncoder().encode('Dear colleague, enclosed the picture.'), 'image.unknown-format'],
    ['a 20×20 picture', encodePng(20, 20, new Uint8Array(400)), 'image.too-small'],
    ['a grey picture', encodePng(200, 200, new Uint8Array(40_000).fill(90)), 'image.blank'],
    ['half a picture', film.subarray(0, film.length / 2), 'image.truncated'],
  ])('refuses %s with a sentence and without a number', async (_, bytes, code) => {
    const { analysis } = await analyse(bytes, context());
    expect(Analysis.parse(analysis)).toEqual(analysis);
    expect(analysis.intake).toMatchObject({ status: 'refused', reasons: [{ code }] });
    expect(analysis.intake.reasons[0]?.message).toMatch(/\.$/);
    expect(analysis.findings).toEqual([]);
  });

  it('refuses what the network takes for something else', async () => {
    const { analysis, lungs } = await analyse(film, context({ lungs: fakeLungs(twoLungs, [0, 9, 0, 0]) }));
    expect(analysis.intake).toMatchObject({ status: 'refused', reasons: [{ code: 'image.inverted' }] });
    expect(lungs).toBeUndefined();
  });

  it.each([
    ['NaN', [Number.NaN, 1, 1, 1]],
    ['zeros', [0, 0, 0, 0]],
    ['an overflow', [Number.POSITIVE_INFINITY, 1, 1, 1]],
  ])('gives no result when the runtime answers %s', async (_, activation) => {
    const spoiled = context({ classifier: fakeClassifier(activation) });
    await expect(analyse(film, spoiled)).rejects.toMatchObject({ code: 'model.bad-output' });
  });

  it('answers for a file that could not be opened as for any other', () => {
    const analysis = refuseUnopened(new AppError('image.unreadable', 'permission denied'), context());
    expect(Analysis.parse(analysis)).toEqual(analysis);
    expect(analysis.intake.reasons[0]?.code).toBe('image.unreadable');
    expect(analysis.image.sha256).toBeUndefined();
  });
});
