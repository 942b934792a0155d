/** With a decimal point or a decimal comma; undefined for everything that could be meant in two ways. */
export function typedNumber(text: string): number | undefined {
  const trimmed = text.trim();
  return /^[+-]?\d+([.,]\d+)?$/.test(trimmed) ? Number(trimmed.replace(',', '.')) : undefined;
}
