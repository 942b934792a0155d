import type { GrayImage } from './gray-image.ts';

/**
 * A chest phantom drawn by formulas: a projection of simple bodies (trunk, lungs, heart, spine, ribs, clavicles, vessels)
 * whose densities add up as they do in a radiograph. It shows what the program does without any patient.
 */

export interface PhantomOptions {
  readonly width?: number;
  readonly height?: number;
  /** Texture and noise; the same seed draws the same picture to the bit. */
  readonly seed?: number;
  /** Draws a patchy shadow in the right lower field (left in the picture). */
  readonly opacity?: boolean;
}

const smooth = (from: number, to: number, value: number): number => {
  const share = Math.min(1, Math.max(0, (value - from) / (to - from)));
  return share * share * (3 - 2 * share);
};

/** A bump of height 1 at 0 that falls to 0 at ±width. */
const bump = (distance: number, width: number): number => {
  const share = Math.min(1, Math.abs(distance) / width);
  return (1 - share * share) ** 2;
};

/** A pseudo-random number in [0, 1) for a lattice point; integer arithmetic only. */
function lattice(x: number, y: number, seed: number): number {
  let hash = Math.imul(x, 374761393) ^ Math.imul(y, 668265263) ^ Math.imul(seed, 2246822519);
  hash = Math.imul(hash ^ (hash >>> 13), 1274126177);
  hash = Math.imul(hash ^ (hash >>> 16), 2654435761);
  return ((hash ^ (hash >>> 15)) >>> 0) / 4294967296;
}

/** Smooth noise in [−1, 1] with `scale` cells across a unit of length. */
function noise(u: number, v: number, scale: number, seed: number): number {
  const x = u * scale;
  const y = v * scale;
  const x0 = Math.floor(x);
  const y0 = Math.floor(y);
  const fx = smooth(0, 1, x - x0);
  const fy = smooth(0, 1, y - y0);
  const top = lattice(x0, y0, seed) * (1 - fx) + lattice(x0 + 1, y0, seed) * fx;
  const bottom = lattice(x0, y0 + 1, seed) * (1 - fx) + lattice(x0 + 1, y0 + 1, seed) * fx;
  return 2 * (top * (1 - fy) + bottom * fy) - 1;
}

/** The trunk's soft tissue: 0 outside, about 1 inside; u and v run over −1 … 1, v downwards. */
function trunk(u: number, v: number): number {
  const side = Math.abs(u);
  const shoulder = -0.98 + 0.42 * smooth(0.22, 1, side);
  const flank = 0.93 - 0.09 * smooth(-0.2, 0.5, v) + 0.12 * smooth(-0.2, -0.7, v);
  return smooth(shoulder - 0.05, shoulder + 0.07, v) * (1 - smooth(flank - 0.12, flank + 0.03, side));
}

/** The dome of the diaphragm: the picture's left side (liver) stands higher. */
function diaphragm(u: number): number {
  const centre = u < 0 ? -0.42 : 0.46;
  return (u < 0 ? 0.4 : 0.47) + 1.1 * (u - centre) ** 2 - 0.05 * bump(u - centre, 0.2);
}

/** Share of the thickness that is air, 0 … 1. */
function air(u: number, v: number): number {
  const side = Math.abs(u);
  const apex = -0.72;
  const height = (v - apex) / (0.62 - apex);
  if (height <= 0) return 0;
  const outer = 0.3 + 0.46 * Math.min(1, height * 1.6) ** 0.55;
  const inner = 0.13 + 0.05 * smooth(0.25, 0.9, height);
  const across = smooth(inner - 0.04, inner + 0.06, side) * (1 - smooth(outer - 0.09, outer + 0.02, side));
  const down = smooth(0, 0.12, height) * (1 - smooth(-0.02, 0.03, v - diaphragm(u)));
  return across * down;
}

function heart(u: number, v: number): number {
  const tilted = { x: u - 0.12 - 0.25 * (v - 0.25), y: v - 0.24 };
  const radius = Math.hypot(tilted.x / 0.34, tilted.y / 0.31);
  return Math.sqrt(Math.max(0, 1 - radius * radius)) * (1 - smooth(0.85, 1, radius) * 0.4);
}

function ribs(u: number, v: number): number {
  const side = Math.abs(u);
  if (side < 0.09 || side > 0.86) return 0;
  let density = 0;
  for (let rib = 0; rib < 10; rib += 1) {
    const root = -0.78 + rib * 0.145;
    const fall = 0.1 + 0.018 * rib;
    const behind = root - 0.07 * bump(side - 0.3, 0.4) + fall * smooth(0.2, 0.95, side) * 1.4;
    density += 0.75 * bump(v - behind, 0.034);
    const front = root + 0.34 - 0.55 * fall * smooth(0.25, 0.85, side) * 2;
    if (rib < 7) density += 0.3 * bump(v - front, 0.04) * smooth(0.25, 0.45, side);
  }
  return density * (1 - smooth(0.78, 0.86, side));
}

function midline(u: number, v: number): number {
  const spine = bump(u, 0.12) * (0.75 + 0.25 * Math.cos(v * 34));
  const mediastinum = (1 - smooth(0.08, 0.17, Math.abs(u - 0.01))) * smooth(-0.9, -0.4, v);
  const trachea = bump(u + 0.005, 0.05) * (1 - smooth(-0.32, -0.22, v));
  return 0.55 * spine + 0.7 * mediastinum - 0.42 * trachea;
}

function clavicles(u: number, v: number): number {
  const side = Math.abs(u);
  const course = -0.66 - 0.07 * Math.sin((side - 0.05) * 3.4) + 0.03 * side;
  return bump(v - course, 0.036) * smooth(0.06, 0.1, side) * (1 - smooth(0.75, 0.9, side));
}

function vessels(u: number, v: number, seed: number): number {
  const side = Math.abs(u);
  const fromHilum = Math.hypot(side - 0.2, v - 0.02);
  const angle = Math.atan2(v - 0.02, side - 0.2);
  const branches = noise(angle * 2.3 + (u < 0 ? 7 : 0), fromHilum * 1.5, 3, seed) ** 2;
  return (0.55 * branches + 0.35 * bump(fromHilum, 0.2)) * (1 - smooth(0.1, 0.75, fromHilum));
}

function shadow(u: number, v: number, seed: number): number {
  const distance = Math.hypot((u + 0.45) / 0.27, (v - 0.2) / 0.24);
  return Math.max(0, 1 - smooth(0.35, 1, distance)) * (0.85 + 0.35 * noise(u, v, 14, seed + 5));
}

/** The same options draw the same picture, values 0 … 1. The time grows with the number of pixels. */
export function drawPhantom({
  width = 640,
  height = 576,
  seed = 1,
  opacity = false,
}: PhantomOptions = {}): GrayImage {
  const pixels = new Float32Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const v = ((y + 0.5) / height) * 2 - 1;
    for (let x = 0; x < width; x += 1) {
      const u = ((x + 0.5) / width) * 2 - 1;
      const body = trunk(u, v);
      let density = 0.02;
      if (body > 0) {
        const lung = air(u, v);
        const beyondLungs = 1 - lung * 0.97;
        let inside = 0.95 * beyondLungs + 0.3 * ribs(u, v) + 0.75 * clavicles(u, v) * 0.5;
        inside += 0.62 * heart(u, v) + 0.6 * midline(u, v) + 0.14 * lung * vessels(u, v, seed);
        inside += 0.25 * smooth(0, 0.3, v - diaphragm(u)) * beyondLungs;
        inside += 0.05 * noise(u, v, 5, seed + 1) + 0.03 * noise(u, v, 16, seed + 2);
        if (opacity) inside += 0.55 * lung * shadow(u, v, seed);
        density += body * (0.12 + inside);
      }
      const grain = (lattice(x, y, seed + 3) + lattice(x, y, seed + 4) - 1) * 0.025;
      // The film's characteristic curve: steep in the middle, flat at both ends.
      pixels[y * width + x] = Math.min(
        1,
        Math.max(0, 1.02 * (1 - Math.exp(-1.15 * density ** 1.25)) + grain),
      );
    }
  }
  return { width, height, pixels };
}
