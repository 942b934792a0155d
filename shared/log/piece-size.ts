/**
 * How much to send at once. What is cut off is sent again, so a bad line needs small pieces; each piece costs a turn, so a
 * good one needs large ones.
 */
const least = 32 * 1024;
const most = 1024 * 1024;
const first = 64 * 1024;
/** In a row, before a larger one is tried. */
const provenPieces = 48;

/** What one line has taught; worth keeping from one file to the next. */
export class PieceSize {
  #bytes = first;
  #inARow = 0;

  get bytes(): number {
    return this.#bytes;
  }

  succeeded(): void {
    this.#inARow += 1;
    if (this.#inARow < provenPieces) return;
    this.#bytes = Math.min(most, 2 * this.#bytes);
    this.#inARow = 0;
  }

  wasCut(): void {
    this.#bytes = Math.max(least, this.#bytes / 2);
    this.#inARow = 0;
  }
}
