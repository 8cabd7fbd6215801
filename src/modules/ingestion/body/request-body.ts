import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ProblemError } from '../../../platform/http/problems/problem.js';

export type BodyKind = 'json' | 'ndjson';

const KINDS: Readonly<Record<string, BodyKind>> = { 'application/json': 'json', 'application/x-ndjson': 'ndjson' };

/** @throws ProblemError `unsupported-media-type` for another type, or one that is not UTF-8 */
export function bodyKind(req: IncomingMessage): BodyKind {
  const [type = '', ...parameters] = (req.headers['content-type'] ?? '')
    .split(';')
    .map((part) => part.trim().toLowerCase());
  const kind = Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;
  if (!kind) throw unsupported('The content type must be application/x-ndjson or application/json.');
  const charset = parameters
    .find((p) => p.startsWith('charset='))
    ?.slice('charset='.length)
    .replaceAll('"', '');
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8')
    throw unsupported('The charset must be utf-8.');
  return kind;
}

export interface BodyLimits {
  /** Milliseconds to wait for the next byte before the request is refused. */
  readonly stallMs: number;
  /** Maximum size of the decoded body, checked while it arrives, so that a small gzip cannot fill memory; absent = none. */
  readonly maxBytes?: number;
}

/** gzip shrinks logs about 10 times and repetitive records about 50 times. A much higher ratio is a decompression bomb. */
const MAX_EXPANSION = 300;
const EXPANSION_COUNTS_FROM = 64 * 1024 * 1024;

/**
 * The chunks of the body after content decoding.
 *
 * @throws ProblemError `unsupported-media-type`, `payload-too-large`, or `invalid-body` when it is cut short, stalls
 *   or is not valid gzip
 */
export async function* decodedBody(req: IncomingMessage, limits: BodyLimits): AsyncGenerator<Buffer> {
  const { stream, encodedBytes } = decode(req);
  let bytes = 0;
  try {
    // Destroying the request would also destroy its socket, and the error response could not be sent.
    for await (const chunk of withoutStalls(stream.iterator({ destroyOnReturn: false }), limits.stallMs)) {
      bytes += chunk.length;
      if (limits.maxBytes !== undefined && bytes > limits.maxBytes)
        throw tooLarge(
          `The body is larger than ${limits.maxBytes / 1024 / 1024} MiB; application/x-ndjson may be of any size.`,
        );
      if (bytes > EXPANSION_COUNTS_FROM && bytes > MAX_EXPANSION * encodedBytes())
        throw tooLarge(`The body expands to more than ${MAX_EXPANSION} times its size.`);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    throw new ProblemError('invalid-body', unreadable(error), { cause: error });
  } finally {
    if (stream !== req) {
      req.unpipe();
      stream.destroy();
    }
  }
}

/**
 * Reads and discards the rest of a refused request for a short time. Closing a socket with unread bytes resets the
 * connection, and the client would lose the error response.
 */
export async function discardRest(req: IncomingMessage): Promise<void> {
  if (req.complete || req.destroyed) return;
  let bytes = 0;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, DISCARD_MS);
    req.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > DISCARD_BYTES) resolve();
    });
    for (const event of ['end', 'close', 'error']) req.once(event, () => resolve());
    req.resume();
    void timer.unref();
  });
}

const DISCARD_BYTES = 16 * 1024 * 1024;
const DISCARD_MS = 1000;

function decode(req: IncomingMessage): { stream: Readable; encodedBytes: () => number } {
  const encoding = (req.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity') return { stream: req, encodedBytes: () => Infinity };
  if (encoding !== 'gzip' && encoding !== 'x-gzip') throw unsupported('The content encoding must be gzip or identity.');
  const gunzip = createGunzip();
  // pipe() does not forward errors, such as an aborted request.
  req.once('error', (error) => gunzip.destroy(error));
  return { stream: req.pipe(gunzip), encodedBytes: () => gunzip.bytesWritten };
}

async function* withoutStalls(chunks: AsyncIterator<Buffer>, stallMs: number): AsyncGenerator<Buffer> {
  for (;;) {
    const next = chunks.next();
    // If the timer wins the race, a later rejection has no other handler.
    next.catch(() => undefined);
    let timer: NodeJS.Timeout | undefined;
    const stalled = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(stall(stallMs)), stallMs);
    });
    const { done, value } = await Promise.race([next, stalled]).finally(() => clearTimeout(timer));
    if (done) return;
    yield value;
  }
}

function stall(ms: number): ProblemError {
  const detail = `Nothing of the body arrived for ${ms / 1000} seconds.`;
  return new ProblemError('invalid-body', detail, { headers: { Connection: 'close' } });
}

function unreadable(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && code.startsWith('Z_')
    ? 'The body is not complete, valid gzip.'
    : 'The body was cut short.';
}

/** The rest of the body is not read, so the connection cannot carry another request. */
export function tooLarge(detail: string): ProblemError {
  return new ProblemError('payload-too-large', detail, { headers: { Connection: 'close' } });
}

function unsupported(detail: string): ProblemError {
  return new ProblemError('unsupported-media-type', detail, { headers: { Connection: 'close' } });
}
