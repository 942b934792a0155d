/** Where scripts, workers and the service worker of a built page may come from. */
const scriptPath = /^\/(assets\/[\w.-]+|service-worker\.js)$/;

/** @param anyPath for the development server, whose modules lie everywhere */
export function isScriptAddress(address: string, page: { readonly href: string }, anyPath: boolean): boolean {
  const base = new URL(page.href);
  if (!URL.canParse(address, base)) return false;
  const url = new URL(address, base);
  // A blob: URL has the origin of the page that made it, but not its protocol.
  if (url.protocol !== base.protocol || url.origin !== base.origin) return false;
  return anyPath || (scriptPath.test(url.pathname) && url.search === '');
}
