import type { IncomingMessage } from 'node:http';
import type { Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { ProblemError } from '../problems/problem.js';
import type { ContentEncoding } from './content-headers.js';
import { type PaceLimits, atPace } from './body-pace.js';

export interface BodyLimits {
  /** How fast the body must arrive; absent = no limit besides that of the server. */
  readonly pace?: PaceLimits;
  /**
   * Maximum size of the decoded body, and the detail of the refusal. It is checked while the body arrives, so that a small
   * gzip cannot fill memory; absent = no maximum.
   */
  readonly max?: { readonly bytes: number; readonly detail: string };
}

/** gzip shrinks logs about 10 times and repetitive records about 50 times. A much higher ratio is a decompression bomb. */
const MAX_EXPANSION = 300;
/** Decoded bytes from which the ratio is checked. */
const EXPANSION_COUNTS_FROM = 1024 * 1024;

const DECODERS: Readonly<Record<Exclude<ContentEncoding, 'identity'>, () => Transform & { bytesWritten: number }>> = {
  gzip: createGunzip,
  br: createBrotliDecompress,
  deflate: createInflate,
};

/** @throws ProblemError as `decodedBody` does */
export async function wholeBody(req: IncomingMessage, encoding: ContentEncoding, limits: BodyLimits): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of decodedBody(req, encoding, limits)) pieces.push(piece);
  return Buffer.concat(pieces);
}

/**
 * The chunks of the body after content decoding.
 *
 * @throws ProblemError `payload-too-large`, `request-timeout` when the body is too slow, or `invalid-body` when it is cut short, stalls or
 * cannot be decoded
 */
export async function* decodedBody(
  req: IncomingMessage,
  encoding: ContentEncoding,
  { pace, max }: BodyLimits,
): AsyncGenerator<Buffer> {
  if (max && encoding === 'identity' && Number(req.headers['content-length']) > max.bytes) throw tooLarge(max.detail);
  const { stream, encodedBytes } = decode(req, encoding);
  let bytes = 0;
  const receivedBytes = () => (stream === req ? bytes : encodedBytes());
  try {
    // Destroying the request would also destroy its socket, and the error response could not be sent.
    const chunks = stream.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Buffer>;
    for await (const chunk of pace === undefined ? chunks : atPace(chunks, receivedBytes, pace)) {
      bytes += chunk.length;
      if (max && bytes > max.bytes) throw tooLarge(max.detail);
      if (bytes > EXPANSION_COUNTS_FROM && bytes > MAX_EXPANSION * encodedBytes())
        throw tooLarge(`The body expands to more than ${MAX_EXPANSION} times its size.`);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    throw new ProblemError('invalid-body', unreadable(error, encoding), { cause: error });
  } finally {
    if (stream !== req) {
      req.unpipe();
      stream.destroy();
    }
  }
}

function decode(req: IncomingMessage, encoding: ContentEncoding): { stream: Readable; encodedBytes: () => number } {
  if (encoding === 'identity') return { stream: req, encodedBytes: () => Infinity };
  const decoder = DECODERS[encoding]();
  // pipe() does not forward errors, such as an aborted request.
  req.once('error', (error) => decoder.destroy(error));
  return { stream: req.pipe(decoder), encodedBytes: () => decoder.bytesWritten };
}

/** Errors of the decoders have the code `Z_…` (zlib) or `ERR__ERROR_…` (Brotli). */
function unreadable(error: unknown, encoding: ContentEncoding): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^(Z_|ERR__)/.test(code)
    ? `The body is not complete, valid ${encoding}.`
    : 'The body was cut short.';
}

/** The rest of the body is not read, so the connection cannot carry another request. */
function tooLarge(detail: string): ProblemError {
  return new ProblemError('payload-too-large', detail, { headers: { Connection: 'close' } });
}
