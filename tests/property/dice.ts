/** Choices that all follow from one seed (mulberry32): the same seed gives the same network everywhere. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** 0 ≤ value < 1 */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** Both ends included. */
  int(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  /** A multiple of 1/1024, which float32 holds exactly. */
  real(low: number, high: number): number {
    return Math.round((low + this.next() * (high - low)) * 1024) / 1024;
  }

  reals(count: number, low: number, high: number): number[] {
    return Array.from({ length: count }, () => this.real(low, high));
  }

  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new TypeError('there is nothing to pick from');
    return list[this.int(0, list.length - 1)]!;
  }

  shuffled<T>(list: readonly T[]): T[] {
    const left = [...list];
    return Array.from(list, () => left.splice(this.int(0, left.length - 1), 1)[0]!);
  }

  /** Some of the list in its order, at least one. */
  some<T>(list: readonly T[]): T[] {
    const chosen = list.filter(() => this.chance(0.5));
    return chosen.length > 0 ? chosen : [this.pick(list)];
  }
}
