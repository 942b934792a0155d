/** The word behind the `#` of the link, in every form that the hub makes or may be given; undefined for half of one. */
export function tokenOf(hash: string): string | undefined {
  return /^#([\w.-]{20,200})$/.exec(hash)?.[1];
}
