import { countInWords } from '../../../ui/words.ts';
import type { ExportPreview } from '../../../engine/file-api.ts';

/** What is to be said of writing inside the picture, before a person has looked. */
export function writingInWords({ burnedIn, proposals }: ExportPreview): {
  readonly kind: 'quiet' | 'warning';
  readonly text: string;
} {
  const check = proposals.length === 1 ? 'Check it.' : 'Check them.';
  const found =
    proposals.length === 0
      ? 'No place was found that looks like writing; a faint or slanted one is easily missed.'
      : `${countInWords(proposals.length, 'place looks', 'places look')} like writing and will be covered. ${check}`;
  if (burnedIn === 'yes')
    return { kind: 'warning', text: `The file says that there is writing inside the picture. ${found}` };
  if (burnedIn === 'no' && proposals.length === 0)
    return { kind: 'quiet', text: 'The file says that there is no writing inside the picture.' };
  if (burnedIn === 'no')
    return {
      kind: 'warning',
      text: `The file says that there is no writing inside the picture, but ${lowerFirst(found)}`,
    };
  return {
    kind: 'warning',
    text: `The file does not say whether there is writing inside the picture. ${found}`,
  };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
