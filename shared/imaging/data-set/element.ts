/** One data element (PS3.5 7.1). Value bytes are as stored: in the byte order of the data set, padding included. */
export interface DataElement {
  /** Group and element as one number: 0x00100010. */
  readonly tag: number;
  /** As stated; in implicit VR from the data dictionary, UN where that does not know the tag. */
  readonly vr: string;
  readonly value:
    | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
    | { readonly kind: 'items'; readonly items: readonly (readonly DataElement[])[] }
    /** Encapsulated pixel data (PS3.5 A.4); the first is the basic offset table. */
    | { readonly kind: 'fragments'; readonly fragments: readonly Uint8Array[] };
}

/** How the elements of a data set are written (PS3.5 7.1.2, 7.1.3, 7.3). */
export interface Encoding {
  readonly explicit: boolean;
  readonly bigEndian: boolean;
}

export const pixelDataTag = 0x7fe00010;

/** VRs with a length of 32 bits in explicit VR (PS3.5 7.1.2, Table 7.1-1). */
export const longVrs: ReadonlySet<string> = new Set('OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '));

export const shortVrs: ReadonlySet<string> = new Set(
  'AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US'.split(' '),
);

/** "(0010,0010)". */
export function tagText(tag: number): string {
  const hex = tag.toString(16).padStart(8, '0').toUpperCase();
  return `(${hex.slice(0, 4)},${hex.slice(4)})`;
}

/** Groups of odd number belong to the makers of devices (PS3.5 7.8). */
export function isPrivate(tag: number): boolean {
  return ((tag >>> 16) & 1) === 1;
}
