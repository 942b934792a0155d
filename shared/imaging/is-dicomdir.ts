/** PS3.6 Table A-1: Media Storage Directory Storage. */
const directoryClass = '1.2.840.10008.1.3.10';

/** `head`: the beginning of the file, a few hundred bytes. */
export function isDicomdir(head: Uint8Array): boolean {
  const text = Array.from(head.subarray(128, 1024), (byte) => String.fromCharCode(byte)).join('');
  return (
    text.startsWith('DICM') && new RegExp(`${directoryClass.replaceAll('.', '\\.')}(?![0-9.])`).test(text)
  );
}
