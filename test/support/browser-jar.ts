import { rawRequest } from './http.js';
import type { RawAnswer } from './http.js';

/** Follows redirects across servers and keeps their cookies by host and port, as a browser with a user does. */
export class BrowserJar {
  private readonly cookies = new Map<string, Map<string, string>>();

  /** Navigates to an address. @returns the last answer and its address, and every address on the way */
  async open(address: string, stopAt = /$^/): Promise<{ answer: RawAnswer; url: string; visited: string[] }> {
    const visited: string[] = [];
    let url = address;
    for (let hops = 0; hops < 20; hops++) {
      visited.push(url);
      const answer = await this.get(url);
      const location = answer.headers['location'] as string | undefined;
      if (location === undefined) return { answer, url, visited };
      url = new URL(location, url).href;
      if (stopAt.test(url)) return { answer, url, visited };
    }
    throw new Error(`too many redirects: ${visited.join(' ')}`);
  }

  /** The header `Cookie` for a server. */
  cookieFor(url: string): string {
    const own = this.cookies.get(new URL(url).host) ?? new Map<string, string>();
    return [...own].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  private async get(url: string): Promise<RawAnswer> {
    const { host, pathname, search } = new URL(url);
    const headers = { Accept: 'text/html', Host: host, Cookie: this.cookieFor(url) };
    const answer = await rawRequest(url, pathname + search, { headers });
    for (const text of (answer.headers['set-cookie'] as string[] | undefined) ?? []) this.keep(host, text);
    return answer;
  }

  private keep(host: string, text: string): void {
    const [pair, ...attributes] = text.split(';').map((part) => part.trim());
    const at = pair!.indexOf('=');
    const own = this.cookies.get(host) ?? new Map<string, string>();
    this.cookies.set(host, own);
    const expires = attributes.find((attribute) => /^expires=/i.test(attribute))?.slice(8);
    if (expires !== undefined && Date.parse(expires) < Date.now()) own.delete(pair!.slice(0, at));
    else own.set(pair!.slice(0, at), pair!.slice(at + 1));
  }
}
