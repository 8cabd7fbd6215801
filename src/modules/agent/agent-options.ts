import type { TrackedSource } from '../importers/port/tracked-source.js';

export interface AgentOptions {
  readonly server: URL;
  readonly keyFile: string;
  readonly source: TrackedSource;
  /** Path of the log; undefined for the journal of this machine. */
  readonly path: string | undefined;
  /** Directory of the spool and the saved position. */
  readonly state: string;
  readonly host: string;
  readonly timeZone: string;
  readonly pollMs: number;
  readonly heartbeatMs: number;
  readonly maxRetryMs: number;
  readonly maxSpoolBytes: number;
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/**
 * @param allowHttp whether the key may be sent unencrypted to another machine
 * @throws RangeError that names the invalid option
 */
export function parseServer(text: string, allowHttp: boolean): URL {
  if (!URL.canParse(text)) throw new RangeError('the server must be a URL such as https://audit.example.org');
  const url = new URL(text);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw new RangeError('the URL of the server must not have a user, password, query or fragment');
  if (url.protocol === 'https:' || (url.protocol === 'http:' && (allowHttp || LOOPBACK.test(url.hostname)))) return url;
  throw new RangeError(
    'the URL of the server must use https; --allow-http allows http, which sends the key unencrypted',
  );
}
