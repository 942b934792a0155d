/** What a reader should know about a picture that could be decoded. */
export interface DecodeWarning {
  readonly code: 'image.first-frame-only' | 'image.smaller-frame';
  readonly detail: string;
}
