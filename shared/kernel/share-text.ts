/** A share from 0 to 1 as people read it: two decimals, and never a false certainty (0.998 is not "1.00"). */
export function shareText(share: number): string {
  if (share > 0.99 && share < 1) return 'more than 0.99';
  if (share > 0 && share < 0.01) return 'less than 0.01';
  return share.toFixed(2);
}
