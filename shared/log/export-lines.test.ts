import { createHash } from 'node:crypto';
import { array, assert, constant, integer, nat, oneof, property, record, string, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../kernel/canonical-json.ts';
import type { Entry } from './entry.ts';
import { entryLineText, ExportEnd, ExportHeader, ExportLine, startExport } from './export-lines.ts';
import type { RunningHash } from './log-crypto.ts';

const seed = 11;
const hash = (digit: string): string => digit.repeat(64);
const entry: Entry = {
  v: 1,
  clinic: '4b1f0c9e-52c3-4c69-9a7e-0f3f5d0c6a11',
  device: '0'.repeat(32),
  n: 1,
  prev: null,
  kind: 'preference.set',
  entity: 'language',
  actor: 'hub',
  ts: [5, 0],
  basedOn: [],
  bodyHash: hash('b'),
  seen: null,
};
const place = { h: hash('a'), index: 0, effTs: 5, recvAt: 6 };
const header = {
  clinic: entry.clinic,
  epoch: 'e'.repeat(32),
  rootKey: 'k'.repeat(43),
  program: 'fieldray 0.1.0',
};

function runningHash(): RunningHash {
  const hash = createHash('sha256');
  return { update: (bytes) => void hash.update(bytes), digest: () => new Uint8Array(hash.digest()) };
}

describe('an export', () => {
  it('writes entries as canonical JSON, whatever they are about', () => {
    const lines = record({
      entry: record({
        v: constant(1 as const),
        clinic: constant(entry.clinic),
        device: constant(entry.device),
        n: integer({ min: 1 }),
        prev: oneof(constant(null), constant(hash('c'))),
        kind: constant('image.added'),
        entity: string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
        actor: constant('hub' as const),
        ts: tuple(nat(), nat()),
        basedOn: array(constant(hash('d')), { maxLength: 3 }),
        bodyHash: oneof(constant(null), constant(hash('b'))),
        seen: oneof(
          constant(null),
          record({ size: nat(), epoch: constant('e'.repeat(32)), root: constant(hash('f')) }),
        ),
      }),
      place: record({ recvAt: nat(), effTs: nat(), h: constant(hash('a')), index: nat() }),
      body: oneof(
        constant(null),
        record({ text: string({ unit: 'grapheme' }), salt: constant('1'.repeat(32)) }),
      ),
    });
    const same = property(lines, (line) => {
      expect(entryLineText(line)).toBe(canonicalJson({ ...line, type: 'entry' }));
    });
    assert(same, { seed, numRuns: 300 });
  });

  it('has no line for half a character', () => {
    const half = { ...entry, entity: '\ud800' };
    expect(() => entryLineText({ entry: half, place, body: null })).toThrow(TypeError);
  });

  it('ends with what there is, and the hash of every byte before', () => {
    const { first, writer } = startExport(header, runningHash());
    const lines: ExportLine[] = [
      { type: 'entry', entry, place, body: { salt: '1'.repeat(32), text: '{"value":"de"}' } },
      { type: 'entry', entry: { ...entry, bodyHash: null }, place: { ...place, index: 1 }, body: null },
      { type: 'row', table: 'preferences', key: 'language', row: { value: 'de' } },
    ];
    const before = Buffer.concat([first, ...lines.map((line) => writer.line(line))]);
    const end = ExportEnd.parse(JSON.parse(Buffer.from(writer.end()).toString()));
    expect(end.counts).toEqual({ entries: 2, bodies: 1, checkpoints: 0, heads: 0, receipts: 0, rows: 1 });
    expect(end.sha256).toBe(createHash('sha256').update(before).digest('hex'));
    const [top, ...rest] = before
      .toString()
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(ExportHeader.parse(top)).toEqual({ type: 'fieldray-export', format: 1, ...header });
    expect(rest.map((line) => ExportLine.parse(line))).toEqual(lines);
  });
});
