/** The name of an account, as a caller asks for it. */
export interface UserName {
  /** Null = in any domain, and without one; empty = without a domain. */
  readonly domain: string | null;
  readonly name: string;
}

/** Reads `name` or `DOMAIN\name`. A domain has no backslash, so the first one separates it. */
export function parseUserName(text: string): UserName {
  const at = text.indexOf('\\');
  return at < 0 ? { domain: null, name: text } : { domain: text.slice(0, at), name: text.slice(at + 1) };
}
