import type { Look } from './display-window.ts';

/** The picture is as grey as its file asks for, apart from inversion. */
export function isAsInFile({ base, brightness, contrast }: Omit<Look, 'inverted'>): boolean {
  return base === 'file' && brightness === 0 && contrast === 0;
}

export function brightnessInWords(look: Look): string {
  return inWords(look, look.brightness, ['brighter', 'darker']);
}

export function contrastInWords(look: Look): string {
  return inWords(look, look.contrast, ['more', 'less']);
}

function inWords(look: Look, value: number, [more, less]: readonly [string, string]): string {
  if (isAsInFile(look)) return 'as in the file';
  if (value === 0) return `neither ${more} nor ${less}`;
  return `${Math.max(1, Math.round(Math.abs(value)))} ${value > 0 ? more : less}`;
}
