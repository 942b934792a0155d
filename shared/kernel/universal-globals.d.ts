/** What ECMAScript lacks and every platform of Fieldray has, without the rest of any of them. */

declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
  encodeInto(text: string, bytes: Uint8Array): { readonly read: number; readonly written: number };
}

declare class TextDecoder {
  constructor(label: 'utf-8', options: { readonly fatal: boolean; readonly ignoreBOM?: boolean });
  decode(bytes: Uint8Array): string;
}

declare function btoa(binary: string): string;
declare function atob(base64: string): string;
