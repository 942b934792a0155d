/** A vault's store as text and back: bytes as `{ bytes: base64, buffer: whether an ArrayBuffer }`. */

export function vaultText(items: ReadonlyMap<string, unknown>): string {
  const packed = (_: string, value: unknown): unknown => {
    if (value instanceof ArrayBuffer) return { base64: Buffer.from(value).toString('base64'), as: 'buffer' };
    if (value instanceof Uint8Array) return { base64: Buffer.from(value).toString('base64'), as: 'bytes' };
    return value;
  };
  return `${JSON.stringify(Object.fromEntries(items), packed, 2)}\n`;
}

export function vaultItems(text: string): Map<string, unknown> {
  const unpacked = (_: string, value: unknown): unknown => {
    const { base64, as } = (value ?? {}) as { base64?: string; as?: string };
    if (base64 === undefined) return value;
    const bytes = new Uint8Array(Buffer.from(base64, 'base64'));
    return as === 'buffer' ? bytes.buffer : bytes;
  };
  return new Map(Object.entries(JSON.parse(text, unpacked) as object));
}
