/**
 * The pieces that were opened last, so that whoever reads a file in small ranges does not have each piece opened for each of
 * them. Nobody may change what is in it.
 */
export function createRecentPieces(most: number) {
  const pieces = new Map<string, Uint8Array>();
  return {
    async get(name: string, open: () => Promise<Uint8Array | undefined>): Promise<Uint8Array | undefined> {
      const piece = pieces.get(name) ?? (await open());
      pieces.delete(name);
      if (piece === undefined) return undefined;
      pieces.set(name, piece);
      const [oldest] = pieces.keys();
      if (pieces.size > most && oldest !== undefined) pieces.delete(oldest);
      return piece;
    },
  };
}
