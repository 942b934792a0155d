import { describe, expect, it } from 'vitest';
import type { ExportedFile } from '../../../engine/file-api.ts';
import { type ExportAction, type ExportState, mayBeSaved, nextExport, startExport } from './export-state.ts';
import { wouldBeLost } from './export-state.ts';

const proposal = { x: 10, y: 10, width: 100, height: 20 };
const drawn = { x: 50, y: 50, width: 30, height: 30 };
const file: ExportedFile = {
  bytes: new ArrayBuffer(0),
  name: 'x.dcm',
  mediaType: 'application/dicom',
  pseudonym: undefined,
  burnedIn: 'masked',
};

const run = (state: ExportState, ...actions: ExportAction[]): ExportState =>
  actions.reduce<ExportState>(nextExport, state);
const seen = (frame: number, proposals = [proposal]): ExportAction => ({ type: 'seen', frame, proposals });
const look: ExportAction = { type: 'look', looked: true };
const saved: ExportAction = { type: 'progress', progress: { is: 'saved', file } };

describe('what a person says of a picture before it leaves', () => {
  it('is taken back by every change of an area or a choice, and so is “saved”', () => {
    const done = run(startExport([proposal], 1), seen(0), look, saved);
    expect(mayBeSaved(done)).toBe(true);
    for (const change of [
      { type: 'masks', masks: [proposal, drawn] },
      { type: 'choose', choice: { longitudinal: true } },
      { type: 'choose', choice: { cleanDescriptors: true } },
    ] as const) {
      expect(run(done, change)).toMatchObject({ looked: false, progress: { is: 'asking' } });
      expect(mayBeSaved(run(done, change))).toBe(false);
    }
    expect(run(done, { type: 'masks', masks: done.masks })).toBe(done);
  });

  it('counts only once every picture of the file was on the screen', () => {
    const first = run(startExport([proposal], 3), seen(0), look);
    expect(first.looked).toBe(false);
    const all = run(first, seen(1), seen(1), seen(2), look);
    expect(all.looked).toBe(true);
    expect(mayBeSaved(all)).toBe(true);
    expect(mayBeSaved(run(first, seen(2), look))).toBe(false);
  });

  it('has the places that are found in later pictures covered as well, once', () => {
    const start = run(startExport([proposal], 2), seen(0));
    const inside = { x: 20, y: 12, width: 10, height: 4 };
    expect(run(start, seen(1, [inside])).masks).toEqual([proposal]);
    const more = run(start, seen(1, [drawn]));
    expect(more.masks).toEqual([proposal, drawn]);
    // Removed by a person it stays away.
    const without = run(more, { type: 'masks', masks: [proposal] });
    expect(run(without, seen(1, [drawn])).masks).toEqual([proposal]);
  });

  it('cannot be changed while the file is written', () => {
    const writing = run(startExport([proposal], 1), seen(0), look, {
      type: 'progress',
      progress: { is: 'writing' },
    });
    expect(run(writing, { type: 'masks', masks: [] })).toBe(writing);
    expect(run(writing, { type: 'choose', choice: { longitudinal: true } })).toBe(writing);
    expect(run(writing, { type: 'look', looked: false })).toBe(writing);
    expect(mayBeSaved(writing)).toBe(false);
  });
});

it('areas that a person has drawn, moved or removed would be lost, until they are in a saved file', () => {
  const start = run(startExport([proposal], 2), seen(0), seen(1, [drawn]));
  expect(wouldBeLost(start)).toBe(false);
  expect(wouldBeLost(run(start, { type: 'masks', masks: [proposal] }))).toBe(true);
  const moved = run(start, { type: 'masks', masks: [{ ...proposal, x: 11 }, drawn] });
  expect(wouldBeLost(moved)).toBe(true);
  expect(wouldBeLost(run(moved, look, saved))).toBe(false);
});
