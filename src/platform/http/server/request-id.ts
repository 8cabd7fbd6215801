import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import { withoutSecrets } from '../../text/secrets.js';

declare module 'express-serve-static-core' {
  interface Request {
    requestId: string;
  }
}

/** What we take over from a caller: short and harmless in a log line, a header and a JSON text. */
const SANE = /^[A-Za-z0-9._:-]{1,128}$/;

/** Gives every request an id, the caller's own if it is sane, and returns it as `X-Request-Id`. */
export function requestId(req: Request, res: Response, next: NextFunction): void {
  const given = req.headers['x-request-id'];
  req.requestId = typeof given === 'string' && isSane(given) ? given : randomUUID();
  res.setHeader('X-Request-Id', req.requestId);
  next();
}

/** A key that was sent in the wrong header would otherwise stand in every log line of the request. */
function isSane(id: string): boolean {
  return SANE.test(id) && withoutSecrets(id) === id;
}
