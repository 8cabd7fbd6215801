import { LRUCache } from 'lru-cache';

const MAX_SITES = 10_000;
/** Scheme and authority: the rest of a URL can neither change its host nor make it invalid. */
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]{0,300}(?=[/?#]|$)/i;

/**
 * The site of a URL: its host in lower case, with the port if it is not the default port of the scheme.
 *
 * @returns null when the text is not an absolute URL or has no host (`about:blank`, `file:///C:/x`)
 */
export function siteOfUrl(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { host } = new URL(url);
  return host === '' ? null : host.toLowerCase();
}

/** The same with a cache, for millions of URLs that belong to few sites. */
export function siteReader(): (url: string) => string | null {
  const sites = new LRUCache<string, { readonly site: string | null }>({ max: MAX_SITES });
  return (url) => {
    const origin = ORIGIN.exec(url)?.[0];
    if (origin === undefined) return siteOfUrl(url);
    const known = sites.get(origin);
    if (known) return known.site;
    const site = siteOfUrl(origin);
    sites.set(origin, { site });
    return site;
  };
}
