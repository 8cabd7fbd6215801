import type { IncomingMessage } from 'node:http';
import { createGunzip } from 'node:zlib';
import { ProblemError } from '../../common/problem.js';

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

/**
 * The body without its content encoding, in pieces.
 *
 * @param maxBytes of decoded body; counted while it arrives, so that a small gzip cannot become a large memory
 * @throws ProblemError `unsupported-media-type`, `payload-too-large`, or `invalid-body` when it is cut short or no gzip
 */
export async function* decodedBody(req: IncomingMessage, maxBytes: number): AsyncGenerator<Buffer> {
  const stream = decode(req);
  let bytes = 0;
  try {
    // Destroying the request would take its socket along, and with it the answer that says what is wrong.
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
      bytes += (chunk as Buffer).length;
      if (bytes > maxBytes) throw tooLarge(`The body is larger than ${maxBytes / 1024 / 1024} MiB.`);
      yield chunk as Buffer;
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

function decode(req: IncomingMessage) {
  const encoding = (req.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity') return req;
  if (encoding !== 'gzip' && encoding !== 'x-gzip') throw unsupported('The content encoding must be gzip or identity.');
  const gunzip = createGunzip();
  // pipe() does not pass on that the sender went away.
  req.once('error', (error) => gunzip.destroy(error));
  return req.pipe(gunzip);
}

function unreadable(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && code.startsWith('Z_')
    ? 'The body is not complete, valid gzip.'
    : 'The body was cut short.';
}

/** What follows of the body is not read, so the connection cannot carry another request. */
export function tooLarge(detail: string): ProblemError {
  return new ProblemError('payload-too-large', detail, { headers: { Connection: 'close' } });
}

function unsupported(detail: string): ProblemError {
  return new ProblemError('unsupported-media-type', detail, { headers: { Connection: 'close' } });
}
