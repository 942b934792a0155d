import type { AddedCount } from '../../app/services.ts';
import { countInWords } from '../../ui/words.ts';

/** One sentence about what has come into the list; empty when that is simply everything. */
export function addedInWords({ added, failed, leftOut }: AddedCount & { readonly leftOut: number }): string {
  if (failed === 0 && leftOut === 0) return '';
  const rest =
    leftOut > 0
      ? `${countInWords(leftOut, 'file is no picture and was', 'files are no pictures and were')} left out`
      : '';
  if (added === 0 && failed === 0) return `No X-ray was found there: ${rest}.`;
  const parts = [
    added === 0 ? 'No picture was added' : `${countInWords(added, 'picture', 'pictures')} added`,
    failed > 0 ? `${countInWords(failed, 'file', 'files')} could not be opened: the list says why` : '',
    rest,
  ];
  return `${parts.filter((part) => part !== '').join('; ')}.`;
}
