import { type RawAnswer, rawRequest } from './http.js';

export interface PageRequest {
  readonly method?: string;
  readonly body?: unknown;
  /** Replaces headers of the page; undefined leaves one out. */
  readonly headers?: Record<string, string | undefined>;
}

/** Calls the server as the page of the console does in a browser: with its cookie, its header, and what browsers add. */
export class ConsolePage {
  /** As in the header `Cookie`; empty before a login. */
  cookie = '';

  constructor(private readonly url: string) {}

  async call(path: string, { method = 'GET', body, headers = {} }: PageRequest = {}): Promise<RawAnswer> {
    const all: Record<string, string | undefined> = {
      'X-Session-Audit-Console': '1',
      'Sec-Fetch-Site': 'same-origin',
      Cookie: this.cookie || undefined,
      Origin: method === 'GET' ? undefined : this.url,
      'Content-Type': body === undefined ? undefined : 'application/json',
      ...headers,
    };
    const sent = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const options = { method, headers: Object.fromEntries(sent) };
    const answer = await rawRequest(this.url, path, {
      ...options,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    this.keep(answer);
    return answer;
  }

  login(body: { apiKey: string } | { loginToken: string }, request: PageRequest = {}): Promise<RawAnswer> {
    return this.call('/console/session', { method: 'POST', body, ...request });
  }

  session(): Promise<RawAnswer> {
    return this.call('/console/session');
  }

  /** Another window of the same browser. */
  clone(): ConsolePage {
    return Object.assign(new ConsolePage(this.url), { cookie: this.cookie });
  }

  private keep({ headers }: RawAnswer): void {
    const [cookie] = (headers['set-cookie'] as string[] | undefined) ?? [];
    if (cookie === undefined) return;
    const pair = cookie.split(';')[0]!;
    this.cookie = pair.endsWith('=') ? '' : pair;
  }
}
