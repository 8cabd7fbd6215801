/** The addresses that the page routes itself. All of them are the same document. */
const PAGES = /^\/(login|timeline|at|sessions(\/\d{1,15})?|overlaps|statistics|audit|admin(\/[a-z-]{1,32})?)?$/;

export function isPage(path: string): boolean {
  return PAGES.test(path);
}

/**
 * The path, query and fragment of an address of a page, for a redirect.
 *
 * @param address relative to `origin`, from outside
 * @returns `/` for anything else, such as an address of another origin
 */
export function pageAddress(address: string, origin: string): string {
  if (!URL.canParse(address, origin)) return '/';
  const url = new URL(address, origin);
  // Without a page, `/.//other.example.org` would become `//other.example.org`.
  if (url.origin !== new URL(origin).origin || !isPage(url.pathname)) return '/';
  return `${url.pathname}${url.search}${url.hash}`;
}
