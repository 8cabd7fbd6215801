import { createBrotliCompress, createGzip, constants } from 'node:zlib';
import type { Transform, Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import type { Call } from '../call.js';
import type { DownloadSlots } from '../../limits/download-slots.js';

/** Answers up to this size are collected before they are sent, so a slow reader does not keep a database connection busy. */
const SHORT_ANSWER_BYTES = 1024 * 1024;

/** One for each response, because each listener of a response counts towards the limit of Node. */
const signals = new WeakMap<Response, AbortSignal>();

/** An abort signal that fires if the caller disconnects before the answer is complete. */
export function callerSignal(res: Response): AbortSignal {
  const known = signals.get(res);
  if (known) return known;
  const controller = new AbortController();
  res.once('close', () => {
    if (!res.writableFinished) controller.abort(new Error('the caller disconnected'));
  });
  signals.set(res, controller.signal);
  return controller.signal;
}

/** A part of an answer, as text or UTF-8 bytes, and the number of elements that begin in it. */
export interface Piece {
  readonly text: string | Buffer;
  readonly rows: number;
  /** Called after the bytes were passed on; their buffer may then be reused. */
  readonly free?: () => void;
}

/**
 * Sends an answer that is generated in pieces. Up to `SHORT_ANSWER_BYTES` it is collected completely before it is sent: it
 * has a Content-Length, and a fault becomes a problem. Until then callers take turns, so one with many requests delays only
 * its own. A longer answer takes a download slot and is streamed with back-pressure. A fault then closes the connection
 * before the end, so that a caller never takes a part for the whole. A reader that stalls is the concern of `closeUnread`.
 */
export async function streamAnswer(
  req: Request,
  res: Response,
  pieces: AsyncGenerator<Piece>,
  slots: DownloadSlots,
): Promise<void> {
  let release = () => {};
  try {
    const caller = req.call.caller?.prefix ?? '';
    const releaseBeginning = await slots.beginnings.acquire(caller, callerSignal(res));
    const { head, ended } = await readHead(pieces).finally(releaseBeginning);
    if (!ended) release = slots.take(caller);
    await req.call.recorded();
    const encoder = negotiate(req, res);
    if (req.method === 'HEAD') return void res.end();
    if (ended && !encoder) return sendWhole(res, req.call, head);
    await stream(res, req.call, chain(head, pieces), encoder, slots.maxMs);
  } finally {
    release();
    await pieces.return(undefined);
  }
}

async function readHead(pieces: AsyncGenerator<Piece>): Promise<{ head: Piece[]; ended: boolean }> {
  const head: Piece[] = [];
  for (let size = 0; size <= SHORT_ANSWER_BYTES;) {
    const next = await pieces.next();
    if (next.done) return { head, ended: true };
    head.push(next.value);
    size += next.value.text.length;
  }
  return { head, ended: false };
}

function sendWhole(res: Response, call: Call, pieces: readonly Piece[]): void {
  const bodies = pieces.map(bytesOf);
  res.setHeader(
    'Content-Length',
    bodies.reduce((sum, { length }) => sum + length, 0),
  );
  // One write to the socket for all pieces, without a copy of them.
  res.cork();
  bodies.forEach((body, i) => res.write(body, () => pieces[i]!.free?.()));
  res.end();
  call.rows += pieces.reduce((sum, piece) => sum + piece.rows, 0);
}

async function stream(
  res: Response,
  call: Call,
  pieces: AsyncGenerator<Piece>,
  encoder: Transform | null,
  maxMs: number,
): Promise<void> {
  const broken = new AbortController();
  const breakOff = () => {
    res.destroy();
    broken.abort(new Error('the answer took too long'));
  };
  const limit = setTimeout(breakOff, maxMs);
  const sink = encoder ?? res;
  const signal = AbortSignal.any([callerSignal(res), broken.signal]);
  const sent = encoder ? pipeline(encoder, res, { signal }) : finished(res, { signal });
  sent.catch(() => undefined);
  try {
    for await (const piece of pieces) {
      await handOver(bytesOf(piece), sink, signal);
      call.rows += piece.rows;
      piece.free?.();
    }
    sink.end();
    await sent;
  } catch (error) {
    res.destroy();
    throw error;
  } finally {
    clearTimeout(limit);
  }
}

/** Resolves when the socket or the encoder has accepted the bytes, so a slow reader holds only one piece in memory. */
function handOver(bytes: Buffer, sink: Writable, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const lost = () => reject(signal.reason as Error);
    if (signal.aborted) return lost();
    signal.addEventListener('abort', lost, { once: true });
    sink.write(bytes, (error) => {
      signal.removeEventListener('abort', lost);
      if (error) reject(error);
      else resolve();
    });
  });
}

async function* chain(head: readonly Piece[], rest: AsyncGenerator<Piece>): AsyncGenerator<Piece> {
  yield* head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

function bytesOf({ text }: Piece): Buffer {
  return typeof text === 'string' ? Buffer.from(text) : text;
}

/** Negotiates br or gzip at low levels; the highest levels cost far more time than they save bytes. */
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
