import './zod-without-eval.ts';
import { onImageChosen } from './choose-image.ts';
import { byId } from './element.ts';
import { hubInWords } from './hub-status.ts';
import { decodePicture } from './picture.ts';
import { predict } from './predict.ts';
import { announcement, resultView } from './result-view.ts';

const status = byId('status', HTMLParagraphElement);
const result = byId('result', HTMLElement);
let current = new AbortController();

/** Lets the browser paint what was just written, before something long begins. */
function painted(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}

/** Reads the file that `open` yields. A choice made meanwhile replaces it: the older result is never shown. */
async function read(busyText: string, open: () => Promise<File>): Promise<void> {
  current.abort();
  current = new AbortController();
  const { signal } = current;
  byId('about', HTMLElement).hidden = true;
  result.replaceChildren();
  result.setAttribute('aria-busy', 'true');
  status.textContent = busyText;
  status.classList.remove('hidden-text');
  try {
    await painted();
    const file = await open();
    const [prediction, picture] = await Promise.all([predict(file, signal), decodePicture(file)]);
    signal.throwIfAborted();
    status.textContent = announcement(prediction);
    // The result says the same in sight.
    status.classList.add('hidden-text');
    result.replaceChildren(resultView(file.name, prediction, picture));
    result.focus();
    result.scrollIntoView({ block: 'start' });
  } catch (error) {
    if (!signal.aborted) {
      status.classList.remove('hidden-text');
      status.textContent = 'Something went wrong in this page. Load it again, and try once more.';
      throw error;
    }
  } finally {
    if (!signal.aborted) result.removeAttribute('aria-busy');
  }
}

async function drawPhantom(): Promise<File> {
  const { phantomFile } = await import('../shared/imaging/phantom-file.ts');
  return new File([new Uint8Array(phantomFile({ opacity: true }))], 'phantom.png', { type: 'image/png' });
}

onImageChosen(
  (file) => void read(`Reading ${file.name}…`, () => Promise.resolve(file)),
  () => void read('Drawing and reading the phantom…', drawPhantom),
);
byId('hub', HTMLParagraphElement).textContent = await hubInWords();
