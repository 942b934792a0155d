import type { GraphBuilder } from './graph-builder.ts';

/**
 * The adjoint of taking every `step`-th slice from `start` on: puts the slices of `name` back among zeros along `axis`,
 * which then has `size` places. A negative step took them in reverse.
 */
export function placeAlong(
  builder: GraphBuilder,
  name: string,
  axis: number,
  { start, step, size }: { readonly start: number; readonly step: number; readonly size: number },
): string {
  const dims = builder.dims(name);
  const count = dims[axis]!;
  if (step < 0) {
    const turned = builder.slice(name, [-1], [-count - 1], [axis], [-1]);
    return placeAlong(builder, turned, axis, { start: start + (count - 1) * step, step: -step, size });
  }
  // Each slice followed by step − 1 of zeros.
  const padding = (before: number, after: number, at: number, rank: number): [number[], number[]] => [
    Array.from({ length: rank }, (_, each) => (each === at ? before : 0)),
    Array.from({ length: rank }, (_, each) => (each === at ? after : 0)),
  ];
  const apart = [...dims.slice(0, axis + 1), 1, ...dims.slice(axis + 1)];
  const spaced =
    step === 1
      ? name
      : builder.reshape(
          builder.pad(builder.reshape(name, apart), ...padding(0, step - 1, axis + 1, apart.length)),
          dims.map((dim, each) => (each === axis ? dim * step : dim)),
        );
  const after = size - start - count * step;
  const cut = after < 0 ? builder.slice(spaced, [0], [count * step + after], [axis]) : spaced;
  return builder.pad(cut, ...padding(start, Math.max(0, after), axis, dims.length));
}
