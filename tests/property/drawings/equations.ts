import { string } from '../../../shared/onnx/attributes.ts';
import type { NetworkDraft } from '../network-draft.ts';
import { type Draw, type Drawings, since } from './drawing.ts';

/** Einsum as people write it: "…" for any axes, no "->", three inputs, a letter twice for a diagonal. */

const ellipsis: Draw = (draft, x) => {
  const { dice } = draft;
  const last = draft.dims(x).at(-1)!;
  const columns = dice.int(1, 3);
  const weights = draft.reals([last, columns]);
  const form = dice.pick([
    '...i,ij->...j',
    '...i,ij',
    'ji,...i->...j',
    '...i->...',
    '...i,...i->...',
    '...i,...i->i...',
  ]);
  if (form.startsWith('ji')) return equation(draft, [draft.reals([columns, last]), x], form);
  if (form.includes('ij')) return equation(draft, [x, weights], form);
  return equation(draft, form.includes(',') ? [x, x] : [x], form);
};

/** Each row, with and without weights for it. */
const threeInputs: Draw = (draft, x) => {
  if (draft.rank(x) !== 2) return undefined;
  const [rows, columns] = draft.dims(x) as [number, number];
  const inner = draft.dice.int(1, 3);
  const [left, right] = [draft.reals([inner, rows]), draft.reals([columns, inner])];
  const form = draft.dice.pick(['ka,ab,bl->kl', 'ka,ab,bl', 'ka,ab,bk->ab', 'ka,ab,bl->']);
  return equation(draft, [left, x, right], form);
};

const diagonal: Draw = (draft, x) => {
  const dims = draft.dims(x);
  const letters = 'abcde'.slice(0, dims.length).split('');
  const pair = dims.flatMap((dim, axis) => {
    const other = dims.indexOf(dim, axis + 1);
    return other < 0 ? [] : [[axis, other] as const];
  })[0];
  if (pair === undefined) return undefined;
  letters[pair[1]] = letters[pair[0]]!;
  const kept = draft.dice.some([...new Set(letters)]).join('');
  return equation(draft, [x], `${letters.join('')}->${kept}`);
};

function equation(draft: NetworkDraft, inputs: readonly string[], text: string): string {
  return draft.op('Einsum', inputs, { equation: string(text) });
}

const any: Draw = (draft, x) => {
  const rank = draft.rank(x);
  return rank === 0 || rank > 4 ? undefined : draft.dice.pick([ellipsis, threeInputs, diagonal])(draft, x);
};

export const equations: Drawings = { 'Einsum of any form': since(12, any) };
