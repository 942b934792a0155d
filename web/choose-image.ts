import { byId } from './element.ts';

/** Three ways to one file: the file dialogue, dropping it anywhere on the page, the phantom. */
export function onImageChosen(choose: (file: File) => void, choosePhantom: () => void): void {
  const form = byId('choose', HTMLFormElement);
  const input = byId('file', HTMLInputElement);
  form.addEventListener('submit', (event) => event.preventDefault());
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    // Emptied, so that choosing the same file again is a change again.
    input.value = '';
    if (file !== undefined) choose(file);
  });
  byId('phantom', HTMLButtonElement).addEventListener('click', choosePhantom);

  document.addEventListener('dragover', (event) => {
    event.preventDefault();
    form.classList.add('dropping');
  });
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) form.classList.remove('dropping');
  });
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    form.classList.remove('dropping');
    const file = event.dataTransfer?.files[0];
    if (file !== undefined) choose(file);
  });
}
