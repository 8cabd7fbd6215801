import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import type { ResultSpool } from './result-spool.js';

/**
 * Sends the results of a request, once its records and its audit record are durable. A failure closes the connection
 * before Content-Length is reached, so a client never takes a part for the whole.
 *
 * @param maxMs milliseconds after which an answer that is still being read is aborted
 */
export async function sendResults(req: Request, res: Response, spool: ResultSpool, maxMs: number): Promise<void> {
  const { size, pieces } = await spool.answer();
  await req.call.recorded();
  res.setHeader('Content-Type', 'application/json; charset=utf-8');
  res.setHeader('Content-Length', size);
  const limit = setTimeout(() => res.destroy(), maxMs);
  await pipeline(Readable.from(pieces, { objectMode: true, highWaterMark: 1 }), res).finally(() => clearTimeout(limit));
  req.call.rows += spool.rows;
}
