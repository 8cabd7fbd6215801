const MAX_REMEMBERED = 10_000;
/** Scheme and authority: what follows them cannot change the host, nor make the URL invalid. */
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]{0,300}(?=[/?#]|$)/i;

/**
 * The site of an address: its host in lower case, with the port only if it is unusual for the scheme.
 *
 * @returns null when the text is no absolute URL, or one without a host (`about:blank`, `file:///C:/x`)
 */
export function siteOfUrl(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { host } = new URL(url);
  return host === '' ? null : host.toLowerCase();
}

/** The same for millions of addresses, most of which are of a few sites. */
export function siteReader(): (url: string) => string | null {
  const sites = new Map<string, string | null>();
  return (url) => {
    const origin = ORIGIN.exec(url)?.[0];
    if (origin === undefined) return siteOfUrl(url);
    let site = sites.get(origin);
    if (site === undefined) {
      site = siteOfUrl(origin);
      if (sites.size >= MAX_REMEMBERED) sites.clear();
      sites.set(origin, site);
    }
    return site;
  };
}
