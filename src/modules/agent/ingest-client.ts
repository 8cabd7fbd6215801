import { readFileSync, statSync } from 'node:fs';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** Result of sending one batch. `again`: not known to be accepted, retry later; `smaller`: the batch is too large. */
export type SendOutcome =
  | { readonly status: 'done'; readonly rejected: readonly { readonly index: number; readonly detail: string }[] }
  | { readonly status: 'again'; readonly reason: string; readonly afterMs?: number }
  | { readonly status: 'smaller'; readonly reason: string };

const TIMEOUT_MS = 60_000;
const MAX_RETRY_AFTER_MS = 3_600_000;
const compress = promisify(gzip);

/** Sends records to `POST /api/v1/ingest/sessions`. */
export class IngestClient {
  private readonly address: URL;

  /** @param server base address, without the path of the endpoint */
  constructor(
    server: URL,
    private readonly keyFile: string,
  ) {
    this.address = new URL(`${server.pathname.replace(/\/+$/, '')}/api/v1/ingest/sessions`, server);
  }

  /** @param lines one JSON text per record */
  async send(lines: readonly string[]): Promise<SendOutcome> {
    let answer: Response;
    try {
      answer = await fetch(this.address, {
        method: 'POST',
        // Following a redirect would send the key to another server.
        redirect: 'error',
        headers: {
          // Read for each request, so a new key needs no restart.
          ...{ ApiKey: readKey(this.keyFile), 'Content-Type': 'application/x-ndjson', 'Content-Encoding': 'gzip' },
        },
        body: await compress(lines.join('\n')),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (answer.ok) return done(await answer.json());
      await answer.body?.cancel();
    } catch (error) {
      return { status: 'again', reason: unreachable(error) };
    }
    const reason = `the server answered ${answer.status}`;
    if (answer.status === 413 || answer.status === 400 || answer.status === 422) return { status: 'smaller', reason };
    if (answer.status === 401) return { status: 'again', reason: `${reason}: the key is unknown, expired or revoked` };
    if (answer.status === 403) return { status: 'again', reason: `${reason}: the key lacks the scope ingest:write` };
    return { status: 'again', reason, afterMs: retryAfterMs(answer.headers.get('retry-after')) };
  }
}

/**
 * Refuses a key file that everyone can read. Group access is allowed, because systemd grants a service access to its
 * credential that way.
 *
 * @throws Error that names the file but not its content
 */
export function readKey(path: string): string {
  const { mode } = statSync(path);
  if ((mode & 0o037) !== 0) throw new Error(`the key file ${path} is readable by others; run: chmod 600 ${path}`);
  const key = readFileSync(path, 'utf8').trim();
  if (!/^[\x21-\x7e]{1,512}$/.test(key)) throw new Error(`the key file ${path} contains no valid key`);
  return key;
}

/** Parses `Retry-After`, either seconds or a date. @returns milliseconds; undefined if it is neither */
export function retryAfterMs(header: string | null, nowMs = Date.now()): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d{1,9}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS);
}

function done(body: unknown): SendOutcome {
  const results = (body as { results?: { status?: unknown; detail?: unknown }[] } | null)?.results;
  if (!Array.isArray(results)) return { status: 'again', reason: 'the response is not one of the ingestion endpoint' };
  const rejected = results.flatMap(({ status, detail }, index) =>
    status === 'rejected' ? [{ index, detail: String(detail ?? '') }] : [],
  );
  return { status: 'done', rejected };
}

/** fetch() puts the reason into the cause. */
function unreachable(error: unknown): string {
  const { message, cause } = error as Error & { cause?: { code?: string; message?: string } };
  return cause ? `the server cannot be reached (${cause.code ?? cause.message})` : message;
}
