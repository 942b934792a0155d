/** For a button that vanishes with its click: the focus goes to the screen's title instead of nowhere. */
export function focusTitle(): void {
  document.querySelector<HTMLElement>('h1[tabindex]')?.focus();
}
