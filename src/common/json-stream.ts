import { createBrotliCompress, createGzip, constants } from 'node:zlib';
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import type { Call } from './call.js';
import { ProblemError } from './problem.js';

/** So much of an answer is collected before its first byte leaves: shorter ones hold no connection while they are read. */
export const SHORT_ANSWER_BYTES = 1024 * 1024;

/** A fixed number of long answers at a time; each holds a database connection for as long as its reader takes. */
export class DownloadSlots {
  private free: number;

  constructor(slots: number) {
    this.free = slots;
  }

  /** @throws ProblemError `unavailable` when all are taken */
  take(): () => void {
    if (this.free === 0) {
      const detail = 'All slots for long answers are in use; try again shortly, or ask for a shorter window.';
      throw new ProblemError('unavailable', detail, { headers: { 'Retry-After': '5' } });
    }
    this.free--;
    let held = true;
    return () => {
      if (held) this.free++;
      held = false;
    };
  }
}

/** An abort signal that fires when the caller goes away before the answer is complete. */
export function callerSignal(res: Response): AbortSignal {
  const controller = new AbortController();
  res.once('close', () => {
    if (!res.writableFinished) controller.abort(new Error('the caller went away'));
  });
  return controller.signal;
}

/** A part of an answer and how many elements begin in it. */
export interface Piece {
  readonly text: string;
  readonly rows: number;
}

export interface StreamLimits {
  readonly slots: DownloadSlots;
  /** Milliseconds without a byte taken by the reader after which the answer is broken off. */
  readonly stallMs: number;
}

/**
 * Sends text in pieces as one answer. Up to `SHORT_ANSWER_BYTES` it is whole before anything is sent, has a
 * Content-Length, and a fault becomes a clean problem; beyond that it takes a download slot and is streamed with
 * back-pressure, and a fault breaks the connection, so that no part passes for the whole.
 */
export async function sendText(
  req: Request,
  res: Response,
  pieces: AsyncGenerator<Piece>,
  limits: StreamLimits,
): Promise<void> {
  const head: Piece[] = [];
  let size = 0;
  let ended = false;
  let release = () => {};
  try {
    while (size <= SHORT_ANSWER_BYTES) {
      const next = await pieces.next();
      if (next.done) {
        ended = true;
        break;
      }
      head.push(next.value);
      size += next.value.text.length;
    }
    if (!ended) release = limits.slots.take();
    await req.call.recorded();
    const encoder = negotiate(req, res);
    if (req.method === 'HEAD') return void res.end();
    await (ended && !encoder
      ? sendWhole(res, req.call, head)
      : stream(res, counted(req.call, chain(head, pieces)), encoder, limits.stallMs));
  } finally {
    release();
    await pieces.return(undefined);
  }
}

async function sendWhole(res: Response, call: Call, pieces: readonly Piece[]): Promise<void> {
  const body = Buffer.from(pieces.map((piece) => piece.text).join(''));
  res.setHeader('Content-Length', body.length);
  res.end(body);
  call.rows += pieces.reduce((sum, piece) => sum + piece.rows, 0);
  call.bytes += body.length;
}

async function stream(
  res: Response,
  pieces: AsyncGenerator<Buffer>,
  encoder: Transform | null,
  stallMs: number,
): Promise<void> {
  const stall = () => res.destroy();
  // Fires when the socket neither took nor gave a byte for so long.
  res.setTimeout(stallMs, stall);
  const source = Readable.from(pieces, { objectMode: true, highWaterMark: 1 });
  await (encoder ? pipeline(source, encoder, res) : pipeline(source, res));
}

async function* chain(head: readonly Piece[], rest: AsyncGenerator<Piece>): AsyncGenerator<Piece> {
  yield* head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

async function* counted(call: Call, pieces: AsyncGenerator<Piece>): AsyncGenerator<Buffer> {
  for await (const { text, rows } of pieces) {
    const bytes = Buffer.from(text);
    call.rows += rows;
    yield bytes;
  }
}

/** br and gzip at the levels made for streams; the highest ones cost far more time than they save bytes. */
function negotiate(req: Request, res: Response): Transform | null {
  res.vary('Accept-Encoding');
  const encoding = req.acceptsEncodings('br', 'gzip', 'identity');
  if (encoding === 'br') {
    res.setHeader('Content-Encoding', 'br');
    return createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 3 } });
  }
  if (encoding === 'gzip') {
    res.setHeader('Content-Encoding', 'gzip');
    return createGzip({ level: 3 });
  }
  return null;
}
