import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import { mayContainSecret, withoutSecrets } from '../../text/secrets.js';

declare module 'express-serve-static-core' {
  interface Request {
    requestId: string;
  }
}

/** Accepted request ids: short and safe in a log line, a header and JSON. */
const SANE = /^[A-Za-z0-9._:-]{1,128}$/;

/** Assigns an id to every request, the caller's if it is well-formed, and returns it as `X-Request-Id`. */
export function requestId(req: Request, res: Response, next: NextFunction): void {
  const given = req.headers['x-request-id'];
  req.requestId = typeof given === 'string' && isSane(given) ? given : randomUUID();
  res.setHeader('X-Request-Id', req.requestId);
  next();
}

/** Refuses a key, or its random part, in this header: it would appear in every log line and record of the request. */
function isSane(id: string): boolean {
  return SANE.test(id) && withoutSecrets(id) === id && !mayContainSecret(id);
}
