import '../zod-without-eval.ts';
import { AppError, errorEntry } from '../../shared/kernel/errors.ts';
import { verifyExport } from '../../shared/log/verify/verify-export.ts';
import { fileChunks } from './file-chunks.ts';
import { canCheckSignatures, pageCrypto } from './page-crypto.ts';
import { keysOf, receiptsOf } from './read-evidence.ts';
import { showProblem, showReport } from './show-report.ts';

/** The stand-alone page that judges an export without a network and without the hub that wrote it. */

function byId<Type extends HTMLElement>(id: string, type: new () => Type): Type {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new TypeError(`the page has no ${id}`);
  return found;
}

const form = byId('form', HTMLFormElement);
const chosen = byId('export', HTMLInputElement);
const keys = byId('keys', HTMLTextAreaElement);
const receipts = byId('receipts', HTMLInputElement);
const progress = byId('progress', HTMLProgressElement);
const result = byId('result', HTMLElement);
const button = byId('form', HTMLFormElement).querySelector('button')!;

async function verify(file: File): Promise<void> {
  if (!(await canCheckSignatures())) {
    showProblem(
      'This browser cannot check signatures here. Open the page as a file in a current browser.',
      result,
    );
    return;
  }
  const pinnedKeys = keysOf(keys.value);
  if (pinnedKeys === null) {
    showProblem('That is no key of a hub: a key has 43 letters, digits, - and _.', result);
    return;
  }
  // The file is read twice.
  let read = 0;
  const open = () => {
    const before = read;
    return fileChunks(file, (bytes) => {
      read = before + Math.min(bytes, file.size);
      progress.value = read / (2 * file.size);
    });
  };
  const given = await receiptsOf([...(receipts.files ?? [])]);
  const pinned = pinnedKeys.length === 0 ? {} : { pinnedKeys };
  showReport(await verifyExport({ open, ...pinned, receipts: given }, pageCrypto), result);
}

async function start(): Promise<void> {
  const file = chosen.files?.[0];
  if (file === undefined) return;
  button.disabled = true;
  progress.hidden = false;
  result.replaceChildren();
  try {
    await verify(file);
  } catch (thrown) {
    if (thrown instanceof AppError) showProblem(errorEntry(thrown.code).title, result);
    else showProblem('The file could not be read to its end. Nothing can be said of it.', result);
  } finally {
    button.disabled = false;
    progress.hidden = true;
    result.focus();
  }
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  void start();
});
